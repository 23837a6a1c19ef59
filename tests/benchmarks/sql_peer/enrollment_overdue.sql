-- DEADLINE_ONCE: so many days after the order, in California moved to a day on which the court is open.
with acts as (
    select person, min("on" - date '1970-01-01')::int as done_on from f_enrollments
    where event = 'enrolled' and recorded_at <= getvariable('known') group by person
),
due as (
    select o.*, case pack when 'us_ca' then open_on else ordered_on + enroll_days end as due_on
    from orders o left join rolls r on r.k = o.cal * 100000 + o.ordered_on + o.enroll_days where enroll_days is not null
)
select "order", 'ENROLLMENT_OVERDUE' as code, null::bigint as about, null::bigint as program,
       'ENROLLMENT_OVERDUE:' || "order" || ':0:0:' as key, 'CERTAIN' as certainty, s.after_t as starts_at,
       least(d.t, end_t) as ends_at, due_on + 1 as first_on, due_on, null::int as window_from, null::int as window_to,
       null::bigint as count, null::bigint as count_most, null::bigint as "limit", null::bigint[] as evidence,
       null::bigint[] as counter, null::varchar[] as counter_why
from due join starts s on s.k = zone_ix * 100000 + due_on left join acts using (person)
left join starts d on d.k = zone_ix * 100000 + done_on
where (done_on is null or done_on > due_on) and s.after_t < coalesce(least(d.t, end_t), 'infinity')
