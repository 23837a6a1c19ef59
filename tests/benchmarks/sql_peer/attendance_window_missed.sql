-- FIXED_WINDOW: a roster covers the window and shows no session; one stretch an order for those of which nobody told.
select "order", 'ATTENDANCE_WINDOW_MISSED' as code, null::bigint as about, null::bigint as program,
       'ATTENDANCE_WINDOW_MISSED:' || "order" || ':0:' || day || ':' as key, 'CERTAIN' as certainty, over_t as starts_at,
       null::timestamptz as ends_at, over_on as first_on, null::int as due_on, day as window_from, over_on as window_to,
       null::bigint as count, null::bigint as count_most, null::bigint as "limit", null::bigint[] as evidence,
       null::bigint[] as counter, null::varchar[] as counter_why
from silent semi join covered using ("order", day)
union all
select "order", 'ATTENDANCE_WINDOW_MISSED', null, null, 'ATTENDANCE_WINDOW_MISSED:' || "order" || ':0:' || min(over_on) || ':?',
       'UNVERIFIED', min(over_t), null, min(over_on), null, null, null, null, null, null, null, null, null
from silent anti join covered using ("order", day) group by "order"
