-- COUNT_IN_WINDOW: more unexcused absences than the order allows, a row per count, cut where another absence is told of.
with over_limit as (
    select "order", program, era from counted where absences_max >= 1 group by all having max(n) > any_value(absences_max)
),
numbered as (
    select c.*, lead(t) over g as next_t, list(id) over g as evidence, first_value(id) over g as keyed
    from counted c semi join over_limit using ("order", program, era)
    window g as (partition by "order", program, era order by n)
),
held as (
    select *, least(next_t, era_end_t) as to_t from numbered
    where n > absences_max and t < coalesce(least(next_t, era_end_t), 'infinity')
),
joined as (
    select *, max(case when apart then t end) over (partition by "order", program, era order by n) as first_t,
           max(case when apart then day end) over (partition by "order", program, era order by n) as first_on
    from (select *, coalesce(t > lag(to_t) over (partition by "order", program, era order by n), true) as apart from held)
),
others as (
    select a."order", a.program, a.id, a.t, a.decision from absences a semi join over_limit using ("order", program)
),
cuts as (
    select j."order", j.program, j.era, j.n, o.t as from_t from joined j join others o using ("order", program)
    where o.decision <> 'unexcused' and j.t < o.t and o.t < coalesce(j.to_t, 'infinity')
    union
    select "order", program, era, n, t from joined
),
parts as (
    select *, lead(from_t) over (partition by "order", program, era, n order by from_t) as next_from from cuts
),
pieces as (
    select p.from_t, least(p.next_from, j.to_t) as to_t, j.* exclude (to_t) from parts p
    join joined j using ("order", program, era, n)
),
certain as (
    select p."order", p.program, p.keyed, p.from_t, any_value(p.to_t) as to_t, any_value(p.first_on) as first_on, p.n,
           any_value(p.absences_max) as "limit", any_value(p.evidence) as evidence,
           list(o.id order by o.t, o.id) filter (o.id is not null) as counter,
           list(case o.decision when 'unexcused' then 'before_reset' else o.decision end order by o.t, o.id)
               filter (o.id is not null) as counter_why
    from pieces p left join others o
      on o."order" = p."order" and o.program = p.program and o.t <= p.from_t and not list_contains(p.evidence, o.id)
    group by p."order", p.program, p.era, p.keyed, p.n, p.from_t
),
possible as (
    select "order", program, era, era_end_t, day, t, absences_max from absences
    where decision in ('unexcused', 'pending') and absences_max >= 1
    union all
    select u."order", u.program, u.era, u.era_end_t, u.day, u.t, o.absences_max
    from unreported u join orders o using ("order") where absences_max >= 1
),
could as (
    select *, row_number() over g as n, lead(t) over g as next_t from possible
    window g as (partition by "order", program, era order by t)
),
doubt as (
    select "order", program, era, min(t) as from_t, arg_min(day, t) as day, any_value(era_end_t) as era_end_t, max(n) as most,
           any_value(absences_max) as "limit"
    from could where n > absences_max and t < coalesce(least(next_t, era_end_t), 'infinity') group by "order", program, era
),
sure as (select "order", program, era, min(first_t) as sure_t from joined group by "order", program, era)
select "order", 'UNEXCUSED_ABSENCE_LIMIT_EXCEEDED' as code, null::bigint as about, program,
       'UNEXCUSED_ABSENCE_LIMIT_EXCEEDED:' || "order" || ':' || program || ':' || keyed || ':' as key, 'CERTAIN' as certainty, from_t as starts_at,
       to_t as ends_at, first_on, null::int as due_on, null::int as window_from, null::int as window_to, n as count,
       null::bigint as count_most, "limit", evidence, counter, counter_why
from certain
union all
select "order", 'UNEXCUSED_ABSENCE_LIMIT_EXCEEDED', null, program,
       'UNEXCUSED_ABSENCE_LIMIT_EXCEEDED:' || "order" || ':' || coalesce(program, 0) || ':' || day || ':?', 'UNVERIFIED', from_t,
       least(sure_t, era_end_t), day, null, null, null, null, most, "limit", null, null, null
from doubt left join sure using ("order", program, era) where from_t < coalesce(least(sure_t, era_end_t), 'infinity')
