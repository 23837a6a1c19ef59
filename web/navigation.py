"""The first pages of each role. The policy table decides who sees which link, so none leads to a refusal."""

from __future__ import annotations

from typing import NamedTuple

from monitor.access.identity import Identity
from monitor.access.policy import POLICY
from monitor.consultation.team import Team


class Link(NamedTuple):
    """A link in the header."""

    label: str
    path: str


# In the order of the header. The first one that a role may open is the page that "/" sends it to.
LINKS = (
    Link("Today", "/today"),
    Link("Team", "/team"),
    Link("Caseload", "/caseload"),
    Link("To decide", "/prosecution"),
    Link("Handed over", "/disclosures"),
    Link("Reports to court", "/allegations"),
    Link("Dockets", "/dockets"),
    Link("Due notices", "/due-notices"),
    Link("Orders", "/orders/waiting"),
    Link("New case", "/cases/new"),
    Link("Notices", "/notices"),
    Link("This week", "/week"),
    Link("Attendance", "/attendance"),
    Link("People", "/enrollments"),
    Link("Reports", "/reports"),
    Link("Referrals out", "/referrals-out"),
    Link("To serve", "/service"),
    Link("Verify", "/verify"),
    Link("Status list", "/status-list"),
    Link("New incident", "/incidents/new"),
    Link("Administration", "/admin"),
    Link("Context", "/context"),
    Link("Privacy", "/privacy"),
    Link("Record notices", "/record-notices"),
    Link("Record notices", "/record-notices/by-number"),
    Link("Record notice", "/record-notices/new"),
    Link("Opened cases", "/openings"),
    Link("Walls", "/walls"),
    Link("Look-back", "/audit/look-back"),
    Link("Who looked", "/audit/case"),
    Link("Trail", "/audit/agency"),
    Link("Sealed cases", "/sealed"),
    Link("Second person", "/approvals"),
    Link("Measures", "/measures"),
    Link("Response matrix", "/matrix"),
)
CONSULTATION = Link("Consultation", "/consultation")
ENTERING = Link("To enter", "/registry")


def links_for(who: Identity | None, team: Team | None = None, entering: frozenset[str] = frozenset()) -> list[Link]:
    """What this person may open. ``team``: of the site, if it has one; its page is its members' alone. ``entering``:
    the codes of agencies that enter orders in the registry; that page is theirs alone."""
    if who is None or not who.signed_in:
        return []
    links = (*LINKS, CONSULTATION) if team and who.agency_code in team.agencies else LINKS
    links = (*links, ENTERING) if who.agency_code in entering else links
    return [link for link in links if (policy := POLICY.get(("GET", link.path))) and who.role in policy.roles]


def first_page(who: Identity) -> str | None:
    """Where work starts for this role; None while it has no page of its own."""
    links = links_for(who)
    return links[0].path if links else None
