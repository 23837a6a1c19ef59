-- Attendance windows without any record, and since when a roster covers all of their days.
create temp table blocked as
with paused as (
    select person, p."on" as from_day, p.ends_on as to_day from f_pauses p
    where recorded_at <= getvariable('known') and kind in ('custody', 'hospital', 'provider_closed', 'court_stay')
),
left_program as (
    select e.person, e."on" + 1 as from_day,
           (select min(b."on") from f_enrollments b where b.person = e.person and b.event = 'enrolled' and b."on" >= e."on"
                   and b.recorded_at <= getvariable('known')) as to_day
    from f_enrollments e where event in ('discharged', 'exited', 'rejected') and recorded_at <= getvariable('known')
),
finished as (
    select person, min("on") as from_day, null::date as to_day from f_certificates
    where recorded_at <= getvariable('known') group by person
)
select person, (from_day - date '1970-01-01')::int as from_day,
       coalesce((to_day - date '1970-01-01')::int, 1000000) as to_day
from (from paused union all from left_program union all from finished)
union all
select o.person, s.k % 100000 - (o.end_t < s.t)::int, 1000000
from orders o join starts s on s.k = o.zone_ix * 100000 + (o.end_t::date - date '1970-01-01')::int
union all
select person, -1000000, start_on from orders;

create temp table silent as
with windowed as (
    select o."order", o.person, o.zone_ix, o.every, b.anchor,
           greatest(((getvariable('known') at time zone zone)::date - date '1970-01-01' - b.anchor) // o.every, 0)::int as last
    from orders o join begun b using ("order") join zones using (zone_ix) where o.every > 0
),
laid as (select *, unnest(range(0, last + 2))::int as k from windowed),
told as (
    select distinct person * 4096 + (day - anchor) // every as place
    from seen join windowed using (person)
    where day >= anchor and not retracted and id not in (select id from replaced)
),
untold as (
    select "order", person, zone_ix, k, last, anchor + k * every as day, anchor + (k + 1) * every as over_on
    from laid anti join told on told.place = laid.person * 4096 + laid.k
),
open as (
    select u.* from untold u where not exists (
        from blocked b where b.person = u.person and b.from_day < u.over_on and u.day < b.to_day)
)
select *, s.t as over_t from open join starts s on s.k = zone_ix * 100000 + over_on
qualify open.k < last or row_number() over (partition by "order", open.k < last order by open.k) = 1;

create temp table covered as
with rosters as (
    select person, (covers_from - date '1970-01-01')::int as from_day, (covers_to - date '1970-01-01')::int as to_day,
           recorded_at as cover_t
    from f_submissions where recorded_at <= getvariable('known')
),
held as (
    select w."order", w.day, w.over_on, r.from_day, r.to_day, r.cover_t
    from silent w join rosters r using (person) where r.from_day < w.over_on and w.day < r.to_day
),
days as (
    select "order", day, over_on, unnest(range(greatest(day, from_day), least(over_on, to_day))) as one, cover_t from held
),
first as (select "order", day, over_on, one, min(cover_t) as cover_t from days group by all)
select "order", day, max(cover_t) as cover_t from first group by "order", day, over_on having count(*) = over_on - day;

-- windows that are over and of which nobody told: what the count could still grow by
create temp table unreported as
with over as (
    select "order", person, day, over_on, over_t from silent anti join covered using ("order", day)
    where over_t <= getvariable('known')
),
last_program as (
    select person, arg_max(program, (day, id)) as program from seen
    where person in (select person from over) and not retracted and id not in (select id from replaced)
      and id not in (select id from repeats) and id not in (select id from conflicts)
    group by person
)
select "order", program, over_on as day, over_t as t,
       (select count(*) from resets r where r.person = over.person and r.day <= over.day) as era,
       (select min(r.t) from resets r where r.person = over.person and r.day > over.day) as era_end_t
from over left join last_program using (person);
