-- REPORTING: in California a report at the latest three months after the last one, or after the start.
with turns as (
    select b."order", b.anchor as day, 0 as rank from begun b join orders using ("order") where pack = 'us_ca'
    union all
    select b."order", (r."on" - date '1970-01-01')::int, 1
    from f_reports r join begun b using (person) join orders o on o."order" = b."order"
    where pack = 'us_ca' and r.kind = 'progress' and r.recorded_at <= getvariable('known')
      and r."on" >= date '1970-01-01' + b.anchor
),
spaced as (
    select "order", day, lead(day) over (partition by "order" order by day, rank) as next_on from turns
),
due as (
    select d."order", o.person, d.day, d.next_on, r.open_on as due_on, o.zone_ix, o.end_t from spaced d join orders o using ("order")
    join rolls r on r.k = o.cal * 100000 + ((date '1970-01-01' + d.day + to_months(3))::date - date '1970-01-01')::int
),
done as (
    select person, min("on" - date '1970-01-01')::int as done_on from f_certificates
    where recorded_at <= getvariable('known') group by person
)
select "order", 'PROGRESS_REPORT_OVERDUE' as code, null::bigint as about, null::bigint as program,
       'PROGRESS_REPORT_OVERDUE:' || "order" || ':0:' || day || ':' as key, 'CERTAIN' as certainty, s.after_t as starts_at,
       least(n.t, end_t) as ends_at, due_on + 1 as first_on, due_on, null::int as window_from, null::int as window_to,
       null::bigint as count, null::bigint as count_most, null::bigint as "limit", null::bigint[] as evidence,
       null::bigint[] as counter, null::varchar[] as counter_why
from due join starts s on s.k = zone_ix * 100000 + due_on left join starts n on n.k = zone_ix * 100000 + next_on
left join done using (person)
where s.after_t < coalesce(least(n.t, end_t), 'infinity') and (done_on is null or done_on > due_on)
