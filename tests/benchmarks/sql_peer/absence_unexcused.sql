-- PROHIBITION: each unexcused absence with its number; and how many could be, from the first that nobody decided or told of.
select "order", 'ABSENCE_UNEXCUSED' as code, id as about, program, 'ABSENCE_UNEXCUSED:' || "order" || ':' || program || ':' || id || ':' as key,
       'CERTAIN' as certainty, t as starts_at, era_end_t as ends_at, day as first_on, null::int as due_on,
       null::int as window_from, null::int as window_to, n as count, null::bigint as count_most,
       case pack when 'us_ca' then coalesce(absences_max, 0) end as "limit", [id] as evidence,
       null::bigint[] as counter, null::varchar[] as counter_why
from counted where t < coalesce(era_end_t, 'infinity')
union all
select "order", 'ABSENCE_UNEXCUSED', null, program,
       'ABSENCE_UNEXCUSED:' || "order" || ':' || coalesce(program, 0) || ':' || arg_min(day, t) || ':?', 'UNVERIFIED', min(t),
       any_value(era_end_t), arg_min(day, t), null, null, null, null, count(*) + coalesce(any_value(sure), 0), null, null, null, null
from (
    select "order", program, era, era_end_t, day, t from absences where decision = 'pending'
    union all
    select "order", program, era, era_end_t, day, t from unreported
) left join (select "order", program, era, count(*) as sure from counted group by all) using ("order", program, era)
group by "order", program, era having min(t) < coalesce(any_value(era_end_t), 'infinity')
