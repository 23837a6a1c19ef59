-- FIXED_WINDOW: a scheduled day without a check-in, unless the person was in custody.
with due as (
    select distinct o."order", o.person, o.zone_ix, (s.expected_on - date '1970-01-01')::int as day, o.start_t, o.end_t
    from f_schedules s join orders o using (person)
    where s.recorded_at <= getvariable('known') and s."of" = 'check_in' and list_contains(o.conditions, 'check_in')
),
missed as (
    select * from due d anti join (
        select person, ("on" - date '1970-01-01')::int as day from f_check_ins where recorded_at <= getvariable('known')
    ) c on c.person = d.person and c.day = d.day
)
select m."order", 'CHECKIN_MISSED' as code, null::bigint as about, null::bigint as program,
       'CHECKIN_MISSED:' || m."order" || ':0:' || m.day || ':' as key, 'CERTAIN' as certainty, s.after_t as starts_at,
       null::timestamptz as ends_at, m.day + 1 as first_on, m.day as due_on, null::int as window_from, null::int as window_to,
       null::bigint as count, null::bigint as count_most, null::bigint as "limit", null::bigint[] as evidence,
       null::bigint[] as counter, null::varchar[] as counter_why
from missed m join starts s on s.k = m.zone_ix * 100000 + m.day
where s.after_t > m.start_t and s.t < coalesce(m.end_t, 'infinity') and not exists (
    from f_pauses p where p.person = m.person and p.kind = 'custody' and p.recorded_at <= getvariable('known')
      and p."on" <= date '1970-01-01' + m.day and date '1970-01-01' + m.day < coalesce(p.ends_on, date '9999-01-01'))
