"""Templates of orders: a folder of YAML, one order a file, cited; a site's own folders are laid over ours by code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec
import yaml

from monitor.config import SettingsError
from monitor.local_law import Confirmed
from monitor.models.order import CODED_CONDITIONS, LOCAL_CONDITIONS, ORDER_KINDS
from monitor.orders.words import WHAT, WHEN, WHERE, WHO
from rules.pack_files import Confidence

OURS: Final = Path(__file__).parent / "templates"
BANS: Final = ("no_contact", "stay_away")
KINDS_OF_DUTY: Final = (
    "bip", "check_in", "testing", "alcohol_abstain", "firearm_surrender", "no_contact", "stay_away", "review",
)  # fmt: skip


class TemplateError(SettingsError):
    """A template cannot be used; one sentence for the person who wrote it."""


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """No field that we do not know."""


class Cite(Part, frozen=True):
    """Where the form or its terms come from, and when somebody last looked."""

    text: str
    confidence: Confidence
    checked: date


class Allowed(Part, frozen=True):
    """An exception that the clerk may tick: who, what, when and where, each a code of `monitor.orders.words`."""

    what: str
    who: str = "alone"
    when: str = "always"
    place: str = "anywhere"


class Term(Part, frozen=True):
    """One line that an order may have.

    ``text``: the words of the signed order, with ``{yards}`` and ``{places}`` where it asks for them. ``says``: the
    same after "may not" or "must". ``asks``: distance (yards and places) or words (free text). ``duty``: what
    rules check, with ``terms`` that this order sets. ``usual``: ticked when the form opens.
    """

    code: str
    text: str
    says: str
    must: bool = False
    usual: bool = False
    asks: Literal["", "distance", "words"] = ""
    duty: str = ""
    terms: dict[str, int | str] = {}
    exceptions: tuple[Allowed, ...] = ()


class Template(Part, frozen=True):
    """One kind of order. ``lasts``: the usual days until its end, 0: no end. ``heard``: how the order comes about.

    ``protects``: it bears a protected person's name. ``supervises``: duties that rules check, with the anchors of a
    sentence. ``review_within``: the first review date is asked for within so many days; 0: not asked.
    """

    code: str
    title: str
    edition: str
    kind: str
    cite: Cite
    heard: Literal["with_notice", "ex_parte", "sentence"]
    lasts: int
    protects: bool = False
    supervises: bool = False
    term_months: int | None = None
    proceeding: Literal["criminal", "civil"] = "criminal"
    supervision: str = "formal"
    review_within: int = 30
    yards: int = 100
    places: tuple[str, ...] = ("home", "work")
    packs: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()


@cache
def templates(*folders: Path) -> dict[str, Template]:
    """By code, ours and over them those of ``folders``. Raises `TemplateError`."""
    found: dict[str, Template] = {}
    for folder in (OURS, *folders):
        for path in sorted(folder.glob("*.yaml")):
            one = read(path)
            found[one.code] = one
    return found


def read(path: Path) -> Template:
    """One file. Raises `TemplateError`."""
    try:
        made = msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), Template, strict=False)
    except (OSError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise TemplateError(f"The order template {path.name} cannot be read: {error}.") from None
    if wrong := faults_of(made):
        raise TemplateError(f"The order template {path.name} cannot be used: {wrong}.")
    return made


def faults_of(one: Template) -> str:
    """What is wrong with a template, in words; "" if nothing is."""
    codes = [term.code for term in one.terms]
    duties = [term.duty for term in one.terms if term.duty]
    allowed = [each for term in one.terms for each in term.exceptions]
    checks = {
        f"{one.kind} is no kind of order": one.kind not in ORDER_KINDS,
        "a term stands in it twice": len(set(codes)) < len(codes),
        "it has no term": not codes,
        "a term has an unknown code": not set(codes) <= {*CODED_CONDITIONS, *LOCAL_CONDITIONS},
        "a duty is of no kind that rules know": not set(duties) <= set(KINDS_OF_DUTY),
        # an order with other duties is one of supervision for the rules, and would control no act any more
        "an order that protects has duties of supervision": one.protects and not set(duties) <= set(BANS),
        "an exception is of no list": any(
            each.what not in WHAT or each.who not in WHO or each.when not in WHEN or each.place not in WHERE
            for each in allowed
        ),
    }  # fmt: skip
    return next((words for words, wrong in checks.items() if wrong), "")


def usable(one: Template, confirmed: Mapping[str, Confirmed], today: date) -> bool:
    """A template from memory stays off until a named person of the site has confirmed this edition of it."""
    if one.cite.confidence != "memory_unverified":
        return True
    sure = confirmed.get(one.code)
    return sure is not None and sure.holds(one.edition, today)


def offered(found: dict[str, Template], pack: str) -> tuple[Template, ...]:
    """Those for a court of this pack, by title; a pack's own edition stands before the general one."""
    fit = [one for one in found.values() if not one.packs or pack in one.packs]
    own = {one.kind for one in fit if one.packs}
    return tuple(sorted((one for one in fit if one.packs or one.kind not in own), key=lambda one: one.title))
