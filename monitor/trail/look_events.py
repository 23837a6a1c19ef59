"""Which events of the trail are looks at named people, for the weekly look-back (safeguard D4).

Read off the table of routes: whatever is about one named case counts, pages and acts alike. What is about somebody by
another way than a case (a question by name, an incident by its number) stands here by hand; a house test holds that
every event of a route that shows something of the record is either counted or argued away.
"""

from __future__ import annotations

import re
from typing import Final

from monitor.access.policy import POLICY

NAME_SHOWN: Final = "order.party_shown"
TEAM_LIST: Final = "consultation.used"
# looks at somebody by another way than a case
SEEN: Final = frozenset({
    # dispatch and law enforcement: a question by name or number is a look at whoever it found
    "order.verified", "caller.matched", "service.read", NAME_SHOWN, "record_notice.asked",
    "registry.read", "registry.packet",
    "incident.filed", "incident.found", "incident.read", "incident.amended", "incident.taken_back",
    "incident.draft_opened",
    # a program: one participant's report
    "report.read",
    # a form that was refused showed its page
    "page.shown_again",
    TEAM_LIST,
})  # fmt: skip
# and acts about somebody by another way
DONE: Final = frozenset({
    "incident.draft_dropped", "opening.opened", "program_question.answered", "referral_out.answered",
    "referral_out.taken_back", "registry.entered", "registry.corrected", "registry.taken_back", "registry.sent_back",
    "report.signed", "service.recorded", "service.taken_back", "service.receipt",
    "service.receipt_back",
})  # fmt: skip
LOOKS: Final = SEEN | DONE | {entry.event for entry in POLICY.values() if entry.named_case and entry.event}
# what was done and not only read: a day's work makes many of them, so that how often asks nothing
ACTS: Final = LOOKS - SEEN - {entry.event for (method, _), entry in POLICY.items() if method == "GET"}
# the parts of addresses that such an entry may have as its subject
PARTS: Final = frozenset(
    part for (_, path), entry in POLICY.items() if entry.event in LOOKS for part in re.findall(r"{(\w+_id)}", path)
)
