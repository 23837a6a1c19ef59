-- STATE_GAP: each version of an absence, from its record (or a decision that decides nothing) to a decision.
with versions as (
    select a.id, a.program, a.recorded_at as rec_t, least(r.gone, c.second_t) as gone, o."order", o.zone_ix
    from seen a join orders o using (person) join starts s on s.k = o.zone_ix * 100000 + a.day
    left join replaced r on r.id = a.id left join conflicts c on c.id = a.id
    where a.outcome = 'absent' and not a.retracted and a.id not in (select id from repeats)
      and s.t >= o.start_t and s.t < coalesce(o.end_t, 'infinity')
      and a.recorded_at < coalesce(least(r.gone, c.second_t), 'infinity')
      -- one that repeated another when it was recorded, before that one was corrected, was no question of its own
      and not exists (
          from seen e join replaced x using (id)
          where e.person = a.person and e.program = a.program and e.day = a.day and e.outcome = a.outcome
            and e.minutes is not distinct from a.minutes and e.id <> a.id and not e.retracted
            and e.recorded_at <= a.recorded_at and a.recorded_at < x.gone)
),
turns as (
    select id, rec_t as t, 0 as rank, 0 as by_id, true as open from versions
    union all
    select id, recorded_at, 1, by_id,
           retracted or decision not in ('excused', 'unexcused', 'not_counted', 'rescheduled', 'attended_not_complied')
    from decided semi join versions using (id)
),
stretches as (
    select id, t as from_t, open, lead(t) over (partition by id order by t, rank, by_id) as next_t from turns
)
select "order", 'ABSENCE_PENDING' as code, id as about, program, 'ABSENCE_PENDING:' || "order" || ':' || program || ':' || id || ':' as key,
       'CERTAIN' as certainty, from_t as starts_at, least(next_t, gone) as ends_at, l.k % 100000 - (rec_t < l.t)::int as first_on,
       null::int as due_on, null::int as window_from, null::int as window_to, null::bigint as count,
       null::bigint as count_most, null::bigint as "limit", [id] as evidence, null::bigint[] as counter, null::varchar[] as counter_why
from stretches join versions using (id)
join starts l on l.k = zone_ix * 100000 + (rec_t::date - date '1970-01-01')::int
where open and from_t < coalesce(least(next_t, gone), 'infinity')
