"""What kind of contact a duty asks for, as its rule says it, and what a contact lacks that is of another kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from monitor.flag_review.words import to_do
from rules.pack_files import Packs, Rule

# (column, the rule's words): what it asks for, after the duty's name
ASKS: Final[Mapping[tuple[str, tuple[str, ...]], str]] = {
    ("kind", ("direct",)): "with the person",
    ("kind", ("collateral",)): "with somebody else who knows the person",
    ("method", ("in_person",)): "in person",
    ("place", ("home",)): "at home",
    ("state", ("completed",)): "that took place",
}


class Asked(msgspec.Struct, frozen=True):
    """One duty and the words that a contact's columns must have for it. Several: any of them will do."""

    code: str
    picks: tuple[Mapping[str, tuple[str, ...]], ...]

    def fits(self, row: Any) -> bool:
        """Whether a contact is of this kind; ``row`` has the columns of `monitor.models.Contact`."""
        return any(not _lacking(pick, row) for pick in self.picks)

    def lack(self, row: Any) -> str:
        """Officer's contact asks for one in person."""
        nearest = min((_lacking(pick, row) for pick in self.picks), key=len)
        wanted = [ASKS.get(each, " or ".join(each[1]).replace("_", " ")) for each in nearest]
        return f"{to_do(self.code)} asks for one {' and '.join(wanted)}"


def _lacking(pick: Mapping[str, tuple[str, ...]], row: Any) -> list[tuple[str, tuple[str, ...]]]:
    return [(column, words) for column, words in pick.items() if getattr(row, column).lower() not in words]


def kinds_asked(packs: Packs, rule_ids: Iterable[str]) -> tuple[Asked, ...]:
    """Of these rules those that read contacts, in the order of their codes; check-ins have no kinds."""
    wanted = set(rule_ids)
    rules = {rule.id: rule for each in packs.rules.values() for rule in each if rule.id in wanted}
    asked = (Asked(rule.code, tuple(_picks(rule))) for rule in rules.values())
    return tuple(sorted((one for one in asked if one.picks), key=lambda one: one.code))


def _picks(rule: Rule) -> Iterator[Mapping[str, tuple[str, ...]]]:
    """A cadence says it once, a window for each of its counts, a deadline for each act that meets it."""
    spec = rule.spec
    told = [spec["pick"]] if spec.get("form") == "contacts" and "pick" in spec else []
    told += [one["pick"] for one in spec.get("counts", ()) if spec.get("form") == "contacts"]
    told += [one["is"] for one in spec.get("done_by", ()) if one.get("event") == "contacts"]
    for one in told:
        yield {column: tuple(words) for column, words in one.items()}
