-- PROHIBITION: an act told of while a served order that prevails forbade all contact.
with acts as (
    select i.id, i."at" as t, ("on" - date '1970-01-01')::int as day, i.kind, min(o."order") as supervised, any_value(i.person) as person,
           any_value(pack) as pack
    from f_incidents i join orders o using (person)
    where i.recorded_at <= getvariable('known') and i.kind <> 'stay_away_entry' and i.source <> 'victim' and i.source <> 'device'
    group by all
),
said as (
    select e.*, first_value("at") over w as issued_t, last_value(contact_terms ignore nulls) over w as terms_now
    from f_order_events e where recorded_at <= getvariable('known') and event in ('issued', 'modified')
      and "order" not in (select "order" from orders)
    window w as (partition by "order" order by "at", id rows between unbounded preceding and current row)
),
states as (
    select a.id, s."order" as po, arg_max(s.terms_now, s."at") as terms, min(s.issued_t) as issued_t,
           arg_min(s.kind, s."at") as po_kind, max(coalesce(len(s.exceptions), 0)) as excepted
    from acts a join said s using (person) where s."at" <= a.t group by a.id, s."order"
),
closed as (
    select "order" as po, least(min("at") filter (event in ('terminated', 'expired', 'vacated')), arg_max("until", "at")) as ended_t,
           min("at") filter (event = 'served') as served_t
    from f_order_events where recorded_at <= getvariable('known') group by "order"
),
live as (
    select s.*, a.t, a.day, a.pack, c.served_t, (terms = 'no_contact')::int * 100 - excepted as strict
    from states s join acts a using (id) join closed c using (po) where a.t < coalesce(c.ended_t, 'infinity')
),
ranked as (
    select *, row_number() over (partition by id order by
        case pack when 'us_ca' then (po_kind = 'emergency_protective' and strict = top and alone)::int else strict end desc,
        case pack when 'us_ca' then (terms = 'no_contact')::int end desc nulls last,
        case pack when 'us_ca' then case when terms = 'no_contact' then strict end end desc nulls last,
        case pack when 'us_ca' then case when terms = 'no_contact' then -epoch_us(issued_t) end else -epoch_us(issued_t) end desc nulls last,
        case pack when 'us_ca' then (po_kind = 'criminal_no_contact')::int end desc nulls last,
        issued_t desc, po) as place
    from (select *, max(strict) over (partition by id) as top, count(*) over (partition by id, strict) = 1 as alone from live)
)
select po as "order", 'NO_CONTACT_ALLEGED' as code, id as about, null::bigint as program,
       'NO_CONTACT_ALLEGED:' || po || ':0:' || id || ':' as key, 'CERTAIN' as certainty, t as starts_at, null::timestamptz as ends_at,
       day as first_on, null::int as due_on, null::int as window_from, null::int as window_to, null::bigint as count,
       null::bigint as count_most, null::bigint as "limit", [id] as evidence, null::bigint[] as counter, null::varchar[] as counter_why
from ranked where place = 1 and terms = 'no_contact' and served_t <= t
