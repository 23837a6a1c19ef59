-- Sessions as they stand: corrections in place of what they replace, repeats once, what disagrees held back.
create temp table seen as
select id, person, program, ("on" - date '1970-01-01')::int as day, recorded_at, supersedes, retracted, outcome, minutes, kind
from f_sessions where recorded_at <= getvariable('known');

create temp table replaced as
select supersedes as id, min(recorded_at) as gone from seen where supersedes is not null group by supersedes;

create temp table told_twice as
with twice as (
    select distinct person, program, day
    from (
        select person, program, day, k, lag(k) over near as k_before, lag(program) over near as program_before
        from (
            select person, program, day, person * 100000 + day as k from seen
            where not retracted and id not in (select id from replaced)
        )
        window near as (order by k, program)
    )
    where k = k_before and program = program_before
),
told as (
    select seen.* from seen join twice using (person, program, day)
    where not retracted and id not in (select id from replaced)
)
select id, count(distinct outcome) over same = 1 and count(distinct coalesce(minutes, -1)) over same = 1 as agree,
       first_value(id) over told_first as first, nth_value(recorded_at, 2) over told_first as second_t
from told
window same as (partition by person, program, day),
       told_first as (partition by person, program, day order by recorded_at, id
                      rows between unbounded preceding and unbounded following);

create temp table repeats as select id, first from told_twice where agree and id <> first;
create temp table conflicts as select id, second_t from told_twice where not agree;

create temp table decided as
select coalesce(r.first, a."of") as id, a.recorded_at, a.decision, a.retracted, a.id as by_id
from f_adjudications a left join repeats r on r.id = a."of" where a.recorded_at <= getvariable('known');

create temp table resets as
select distinct person, (d."on" - date '1970-01-01')::int as day, coalesce(d.at, s.t) as t
from f_decisions d join orders o using (person)
join starts s on s.k = o.zone_ix * 100000 + (d."on" - date '1970-01-01')::int
where d.recorded_at <= getvariable('known') and d.kind in ('breach_resolved', 'program_restarted');

-- every absence that stands, with its decision, its era, and whether the order was in force
create temp table absences as
with absent as (
    select a.id, a.person, a.program, a.day, o."order", o.pack, o.absences_max, s.t,
           s.t >= o.start_t and s.t < coalesce(o.end_t, 'infinity') as in_force
    from seen a join orders o using (person) join starts s on s.k = o.zone_ix * 100000 + a.day
    where outcome = 'absent' and not retracted
      and a.id not in (select id from replaced) and a.id not in (select id from repeats) and a.id not in (select id from conflicts)
),
last_word as (
    select id, arg_max(decision, (recorded_at, by_id)) as decision from decided where not retracted group by id
),
eras as (
    select a.id, count(*) filter (r.day <= a.day) as era, min(r.t) filter (r.day > a.day) as era_end_t
    from absent a join resets r using (person) group by a.id
)
select absent.*, coalesce(era, 0) as era, era_end_t,
       case when not in_force then 'not_in_force'
            when decision in ('excused', 'unexcused', 'not_counted', 'rescheduled', 'attended_not_complied') then decision
            else 'pending' end as decision
from absent left join last_word using (id) left join eras using (id);

-- unexcused absences numbered in their era and program
create temp table counted as
select *, row_number() over (partition by "order", program, era order by t, id) as n
from absences where decision = 'unexcused';

create temp table begun as
select "order", person, coalesce(told_start, first_on) as anchor
from orders left join (
    select person, min(day) as first_on from seen
    where outcome in ('attended', 'late') and kind not in ('intake', 'orientation') and not retracted
      and id not in (select id from replaced) and id not in (select id from conflicts)
    group by person
) using (person)
where coalesce(told_start, first_on) is not null;
