-- PROHIBITION: a test that was positive, diluted or refused, where the order asks for tests.
select o."order", 'TEST_NONCOMPLIANT' as code, f.id as about, null::bigint as program,
       'TEST_NONCOMPLIANT:' || o."order" || ':0:' || f.id || ':' as key, 'CERTAIN' as certainty, coalesce(f.at, s.t) as starts_at,
       null::timestamptz as ends_at, (f."on" - date '1970-01-01')::int as first_on, null::int as due_on, null::int as window_from,
       null::int as window_to, null::bigint as count, null::bigint as count_most, null::bigint as "limit", [f.id] as evidence,
       null::bigint[] as counter, null::varchar[] as counter_why
from f_tests f join orders o using (person) join starts s on s.k = o.zone_ix * 100000 + (f."on" - date '1970-01-01')::int
where f.recorded_at <= getvariable('known') and f.result in ('positive', 'diluted', 'refused')
  and list_has_any(o.conditions, ['testing', 'alcohol_abstain'])
  and coalesce(f.at, s.t) >= o.start_t and coalesce(f.at, s.t) < coalesce(o.end_t, 'infinity')
