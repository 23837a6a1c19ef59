"""What the entering agency types into the registry: fields under their mnemonics, what is missing on top, what changed.

A worksheet and two files; nothing is transmitted. The mnemonics and their values are to be confirmed with the state's
own agency before use (docs/court.md). Sex, race, measures and numbers of the respondent are not kept here, and nothing
of the protected person but the name: the entering agency has its own records.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from monitor.clock import local_day
from monitor.intake.problems import safe_cell
from monitor.models import OrderStep
from monitor.orders.page import Desk, OrderLine
from monitor.orders.steps import ACTION_WORDS, AGAIN, action_of, open_entry

LABELS: Final = {
    "MKE": "Kind of entry", "ORI": "Entering agency", "NAM": "Respondent", "SEX": "Sex", "RAC": "Race",
    "DOB": "Date of birth", "HGT": "Height", "WGT": "Weight", "EYE": "Eyes", "HAI": "Hair", "OLN": "License number",
    "PNO": "Order number", "BRD": "Firearm flag", "ISD": "Issued", "EXP": "Last day", "PCO": "Conditions",
    "PPN": "Protected person", "CTI": "Court identifier", "SVC": "Service", "SVD": "Served on",
    "OCA": "Agency's case number", "MIS": "Further text",
}  # fmt: skip
# entered by the agency from its own records: they are not kept here
THEIRS: Final = ("ORI", "SEX", "RAC", "HGT", "WGT", "EYE", "HAI", "OLN", "CTI", "OCA")
NEEDED: Final = ("NAM", "DOB", "PNO", "ISD", "PCO", "PPN")
EX_PARTE: Final = ("EMERGENCY_PROTECTIVE",)


class Packet(msgspec.Struct, frozen=True):
    """One respondent and one protected person. Opaque in text: it bears the protected name."""

    action: str
    fields: Mapping[str, str]
    missing: tuple[str, ...]
    theirs: tuple[str, ...]
    changed: tuple[str, ...]
    signed_at: datetime | None

    def __repr__(self) -> str:
        return f"<packet {self.action}>"


def packet_of(desk: Desk, order: OrderLine, steps: Sequence[OrderStep], protected: str) -> Packet:
    """The packet as the order stands now. ``changed``: since the entering agency last confirmed."""
    asked = open_entry(list(steps))
    fields = {name: "" for name in LABELS} | _fields(desk, order, protected)
    action = action_of(asked)
    # an order that was never entered is entered as it stands: nothing of it has changed for the agency
    terms = [one for one in asked if one.how not in ("TAKEN_BACK", AGAIN)]
    later = [one for one in terms if one.action in ("MODIFY", "CANCEL", "CLEAR")]
    later = later if action != "ENTER" else []
    changed = [said for one in order.versions[len(order.versions) - len(later):] for said in one.differs]
    if action not in ("", "ENTER", "SERVE") and any(one.action == "SERVE" for one in asked):
        changed.append(f"{order.served}.")
    if action == "MODIFY" and any(one.how == "TAKEN_BACK" for one in asked):
        changed.append(f"A return of service was taken back. Now: {order.served}.")
    return Packet(
        action, fields, tuple(one for one in NEEDED if not fields[one]),
        tuple(one for one in THEIRS if not fields[one]), tuple(changed),
        min((one.occurred_at for one in asked), default=None),
    )  # fmt: skip


def _fields(desk: Desk, order: OrderLine, protected: str) -> dict[str, str]:
    ends = local_day(order.expires_at, desk.zone).isoformat() if order.expires_at else "NON-EXPIRING"
    local = [f"{line.coded}: {line.title}" for line in order.lines if line.code != line.coded]
    excepted = [words for line in order.lines for words in line.exceptions]
    text = [f"EXCEPT {'; '.join(excepted)}"] if excepted else []
    text += [line.text for line in order.lines if line.coded == "04"]
    return {
        "MKE": "ORDER OF PROTECTION, TEMPORARY" if _ex_parte(desk, order) else "ORDER OF PROTECTION",
        "NAM": desk.respondent.upper(), "DOB": desk.born_on.isoformat(), "PNO": order.number,
        "BRD": order.firearm[3], "ISD": order.versions[0].ordered_on.isoformat() if order.versions else "",
        "EXP": ends, "PCO": " ".join(sorted({line.coded for line in order.lines})), "PPN": protected.upper(),
        "SVC": "SERVED" if order.served.startswith("Served") else "NOT SERVED",
        "SVD": order.served if order.served.startswith("Served") else "", "MIS": ". ".join([*text, *local]),
    }  # fmt: skip


def _ex_parte(desk: Desk, order: OrderLine) -> bool:
    """Whether it was made without the other side: its template says so; of one without, the kind."""
    template = desk.template(order.template)
    return template.heard == "ex_parte" if template else order.kind in EX_PARTE


def as_csv(packet: Packet) -> bytes:
    """One row; a cell that a spreadsheet would run is made text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["ACTION", *packet.fields])
    writer.writerow([packet.action, *(safe_cell(value) for value in packet.fields.values())])
    return out.getvalue().encode()


def as_json(packet: Packet) -> bytes:
    """The same with what is missing and what changed."""
    told: dict[str, Any] = {
        "action": packet.action, "fields": dict(packet.fields), "missing": list(packet.missing),
        "from_your_own_records": list(packet.theirs), "changed": list(packet.changed),
    }  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(told), indent=2)


def content_of(packet: Packet, desk: Desk, order: OrderLine) -> dict[str, Any]:
    """The worksheet as the Typst source reads it."""
    action = f"{packet.action}: {ACTION_WORDS[packet.action]}" if packet.action else "Nothing to enter"
    return {
        "title": "Worksheet for the registry", "court": desk.court, "order": order.called,
        "case": order.case_number, "action": action,
        "missing": [f"{one} {LABELS[one]}" for one in packet.missing],
        "theirs": [f"{one} {LABELS[one]}" for one in packet.theirs], "changed": list(packet.changed),
        "rows": [{"name": name, "label": LABELS[name], "value": value} for name, value in packet.fields.items()],
    }  # fmt: skip
