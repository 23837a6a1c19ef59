-- Orders as known, with the life and the clock of each; days and instants are looked up in tables of one integer key.
create temp table zones as
select zone, (row_number() over (order by zone))::int as zone_ix from (select distinct zone from f_orders);

-- k = zone * 100000 + day: the first instant of a local day and of the next one
create temp table starts as
select zone_ix * 100000 + n as k, (date '1970-01-01' + n)::timestamp at time zone zone as t,
       (date '1970-01-01' + n + 1)::timestamp at time zone zone as after_t
from zones, (select unnest(range(17000, 24000))::int as n);

create temp table calendars as
select court, dense_rank() over (order by days)::int as cal
from (select court, list("on" order by "on") as days from f_holidays group by court);

-- k = calendar * 100000 + day: that day if the court is open, else the next one on which it is; calendar 0: no list
create temp table rolls as
with closed as (
    select distinct cal * 100000 + ("on" - date '1970-01-01')::int as k from f_holidays join calendars using (court)
),
days as (
    select cal, n, cal * 100000 + n as k, isodow(date '1970-01-01' + n) < 6 as weekday
    from (select distinct cal from calendars union all select 0), (select unnest(range(17000, 24000))::int as n)
)
select k, min(case when weekday and closed.k is null then n end)
       over (partition by cal order by n rows between current row and unbounded following) as open_on
from days left join closed using (k);

-- the last version on record of what an order itself sets
create temp table own_terms as
select "order", arg_max(number, recorded_at) filter (term = 'bip.unexcused_absences_max') as absences_max,
       arg_max(number, recorded_at) filter (term = 'bip.enroll_deadline') as enroll_days,
       arg_max(number, recorded_at) filter (term = 'bip.attendance_every_days') as every
from f_terms where recorded_at <= getvariable('known') and source = 'order' group by "order";

create temp table orders as
with known as (
    select * from f_orders where recorded_at <= getvariable('known')
    qualify row_number() over (partition by "order" order by recorded_at desc) = 1
),
ended as (
    select "order", min(coalesce(e.at, s.t)) as ended_t
    from f_order_events e join known using ("order") join zones using (zone)
    join starts s on s.k = zone_ix * 100000 + (e."on" - date '1970-01-01')::int
    where e.recorded_at <= getvariable('known') and e.event in ('terminated', 'expired', 'vacated')
    group by "order"
)
select k."order", k.person, k.pack, z.zone_ix, coalesce(c.cal, 0) as cal, k.conditions,
       (k.ordered_on - date '1970-01-01')::int as ordered_on,
       (k.treatment_started_on - date '1970-01-01')::int as told_start,
       coalesce(k.effective_at, b.t) as start_t, (coalesce(k.effective_on, k.ordered_on, k.granted_on) - date '1970-01-01')::int as start_on,
       least(ended_t, e.t) as end_t,
       t.absences_max, t.enroll_days, coalesce(t.every, case k.pack when 'us_ca' then 7 end) as every
from known k join zones z using (zone) left join calendars c using (court) left join ended using ("order")
left join starts b on b.k = zone_ix * 100000 + (coalesce(k.effective_on, k.ordered_on, k.granted_on) - date '1970-01-01')::int
left join starts e
       on e.k = zone_ix * 100000 + ((k.granted_on + to_months(k.term_months))::date - date '1970-01-01')::int + 1
left join own_terms t on t."order" = k."order";
