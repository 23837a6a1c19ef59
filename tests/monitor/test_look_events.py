"""No page about somebody is missed by the weekly look-back: it counts what the table of routes says is about a case."""

from __future__ import annotations

from monitor.access.matrix import Seen
from monitor.access.policy import POLICY
from monitor.trail.look_events import ACTS, LOOKS, PARTS
from monitor.trail.looks import OF_CASES
from monitor.trail.wording import EVENTS

# only leads on to a page that is recorded itself
LEADS_ON = {("GET", "/packets/{packet_id}")}
# events of routes that show something of the record and single nobody out, or show nothing of whom they are about
A_LIST = {
    "allegation.listed", "attendance.list", "caseload.read", "caseload.search", "charging.listed", "consultation.used",
    "disclosure.listed", "docket.read", "docket.ordered", "due.listed", "enrollment.list", "notice.list",
    "order.waiting", "record_notice.listed", "referral_out.list", "report.list", "report.month", "result.queued",
    "registry.listed",
    "service.listed", "status_list.read", "status_list.saved", "team.read", "today.read", "week.read",
    "context.listed", "assignment.asked", "caseload.export_read", "caseload.exported",
}  # fmt: skip
A_CLASS_OR_SHEET = {
    "attendance.read", "attendance.saved", "attendance.drafted", "report.certified", "report.signed_plain",
    "report.told",
}  # fmt: skip
NOBODY_SHOWN = {
    # asked before there is a reason, and the page names nobody; leads on; an officer's own list; hands cases on
    "opening.asked", "opening.case_asked", "task.made", "task.undone", "task.done", "task.opened", "assignment.made",
    "assignment.undone", "notice.read", "context.marked", "context.done", "incident.opened",
    # content-free, sealed with the agency that asks (D6); what is typed is not answered with anything
    "callback.sent", "record_notice.saved",
    # of the people that it asks about the trail has each case, as of a page shown once more
    "case.entered",
}  # fmt: skip
ARGUED = A_LIST | A_CLASS_OR_SHEET | NOBODY_SHOWN


def counted_elsewhere(event):
    """Of machines, which are not in the look-back, and sheets, of which a program's desk is the owner."""
    return event.startswith(("batch.", "upload.")) or event in {"order.looked_up", "incident.received"}


def test_no_route_about_a_named_case_is_missed_by_the_look_back():
    for address, entry in POLICY.items():
        if entry.named_case and address not in LEADS_ON:
            assert entry.event, f"{address} is about a named case and leaves no trail"
            assert entry.event in LOOKS, f"{address} would not be counted"


def test_whatever_else_shows_the_record_is_counted_or_argued_away():
    """A new route that is not about one named case: add its event to `look_events`, or say here why it is no look."""
    shown = {entry.event for entry in POLICY.values() if entry.event and entry.shows - {Seen.AUDIT}}
    left = {event for event in shown - LOOKS - ARGUED if not counted_elsewhere(event)}
    assert left == set()
    assert (ARGUED - {"consultation.used"}) & LOOKS == set(), "argued away and counted all the same"
    assert ARGUED <= shown, "argued away and gone"


def test_a_page_is_never_taken_for_an_act():
    pages = {entry.event for (method, _), entry in POLICY.items() if method == "GET"}
    assert ACTS <= LOOKS and not ACTS & pages
    assert {"flag.reviewed", "contact.logged", "order.made"} <= ACTS
    assert LOOKS <= set(EVENTS)


def test_whatever_an_address_names_leads_back_to_its_case():
    kept = {kind.__tablename__ for kind in OF_CASES}
    assert {"enrollment", "contact", "program_question", "referral_out", "assessment", "packet"} <= kept
    assert "enrollment_id" in PARTS and "callback_id" not in PARTS, "a request for a call is sealed (D6)"
    assert "callback" not in kept and "record_notice" not in kept
