"""What stands in the files of a pack, and each file as it is read: a folder per jurisdiction, one duty a file.

`rules/duties/` holds what a code means everywhere (words, kind, spec); a pack's file of the same code adds provision
and terms, and replaces the parts of the spec that it names. Every value is dated and cited.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import msgspec
import yaml

OURS: Final = Path(__file__).parent / "packs"
DUTIES: Final = Path(__file__).parent / "duties"
T = TypeVar("T", bound=msgspec.Struct)
# The safe loader in C where PyYAML has it: the same documents, read several times faster.
LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Confidence = Literal[
    "verified_text", "verified_text_older_version", "secondary", "encoded_in_code", "engine_policy", "memory_unverified"
]
GovernedBy = Literal["order_date", "event_date", "period_start", "evaluation_date", "undetermined"]
Kind = Literal[
    "ROLLING_CADENCE", "FIXED_WINDOW", "COUNT_IN_WINDOW", "CONSECUTIVE", "DEADLINE_ONCE", "PROGRESS", "PROHIBITION",
    "STATE_GAP", "REPORTING",
]  # fmt: skip
Unit = Literal[
    "days", "weeks", "months", "business_days", "hours", "sessions", "absences", "contacts", "transfers", "words"
]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}, kw_only=True):
    """What all parts of a pack share: no field that we do not know."""


class Cite(Part, frozen=True):
    """Where a value was read, how sure that is, and when somebody last looked."""

    text: str
    confidence: Confidence
    checked: date
    url: str | None = None
    pin: str | None = None


class Confirmation(Part, frozen=True):
    """A site's named person who read an unverified value in the primary text and switched it on."""

    by: str
    day: date  # not `on`, which YAML reads as yes
    text: str


class Cadence(Part, frozen=True):
    """So many in a period."""

    count: int
    period_days: int | None = None
    period_months: int | None = None


class Value(Part, frozen=True):
    """One dated value. `when` limits it to orders whose anchor is the word, or lies in [low, high].

    `court` (its code) or `county` makes it the value of that place alone, which decides before the state's.
    """

    value: int | str | bool | Cadence | list[Any] | None
    cite: Cite
    from_: date | None = None
    known_from: date | None = None
    when: dict[str, str | bool | list[int | None]] = {}
    court: str | None = None
    county: str | None = None
    unit: Unit | None = None
    id: str | None = None
    version: str | None = None
    confirmed: Confirmation | None = None


class Term(Part, frozen=True):
    """A parameter of a rule. Without values it is dormant: an order or a policy may set it.

    `program`: what a program's own policy may do: fill what nobody else sets, or decide before court and county.
    """

    unit: Unit
    governed_by: GovernedBy
    stricter: Literal["lower", "higher"] | None = None
    program: Literal["fills", "decides"] = "fills"
    values: list[Value] = []


class Need(Part, frozen=True):
    """An anchor that a rule cannot do without, from `since` on (an anchor, or `certificate`); else INPUT_MISSING.

    `unless`: not if the order has a value of that term; `term`: only if it has one.
    """

    anchor: str
    since: str
    condition: str | None = None
    only: dict[str, list[str]] = {}
    unless: str | None = None
    term: str | None = None


class Says(Part, frozen=True):
    """A text in the two languages of the notices."""

    en: str
    es: str


class RuleFile(Part, frozen=True):
    """One duty in one pack."""

    code: str
    provision: str | None = None
    duty: Says | None = None
    spec: dict[str, Any] = {}
    terms: dict[str, Term] = {}
    needs: list[Need] = []
    kind: Kind | None = None


class DutyFile(Part, frozen=True):
    """What a code means wherever it is used. `duty`: what is to be done, in our words; `what`: how a flag reads.

    `counts` and `leaves_out` say which rows count and which do not; `reads` names the families of facts it may see.
    """

    code: str
    title: Says
    duty: Says
    what: Says
    counts: Says
    leaves_out: Says
    clears: Says
    unknown: Says
    spec: dict[str, Any]
    reads: list[str]


class Roll(Part, frozen=True):
    """Authority for moving an act due on a closed day to the next open day."""

    cite: Cite


class LocalPolicy(Part, frozen=True):
    """Whether local policy goes before the law, or counts only where it is stricter: a named person's choice."""

    decides: Literal["local", "stricter"]
    chosen: Confirmation


class OffValue(Part, frozen=True):
    """A value that nobody has read in a source: shown, never used."""

    term: str
    value: str
    note: str


class NoRule(Part, frozen=True):
    """A provision recorded for completeness; nothing is evaluated from it."""

    term: str
    value: str
    note: str


class PackFile(Part, frozen=True):
    """pack.yaml."""

    title: str
    zone: str | None = None
    inherits: str | None = None
    roll_forward: Roll | None = None
    local_policy: LocalPolicy | None = None
    off: list[OffValue] = []
    no_rule: list[NoRule] = []


@dataclass(frozen=True)
class Rule:
    """A duty as one pack has it: spec and terms merged with what it inherits. `id` is its path, `us_ca.<code>`."""

    id: str
    code: str
    pack: str
    provision: str
    duty: Says
    spec: dict[str, Any]
    terms: dict[str, Term]
    needs: list[Need]
    kind: str
    rolls: bool
    local_policy: Literal["local", "stricter"] = "local"
    own: frozenset[str] = frozenset()  # terms that this pack itself names


@dataclass(frozen=True)
class Fault:
    """Why a file was left out, or what is doubtful in it."""

    file: str
    line: int
    reason: str
    fatal: bool = True

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


@dataclass(frozen=True)
class Packs:
    """Everything that is switched on. `rules[pack]` is in the order of codes."""

    packs: dict[str, PackFile]
    duties: dict[str, DutyFile]
    rules: dict[str, list[Rule]]
    faults: list[Fault] = field(default_factory=list)


def spec_of(duty: DutyFile, layers: list[RuleFile]) -> dict[str, Any]:
    """The spec of a code with what the packs change in it; a file that names another kind brings its whole spec."""
    spec = duty.spec
    for layer in layers:
        spec = layer.spec if layer.kind else _overlay(spec, layer.spec)
    return spec


def _overlay(*layers: dict[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for layer in layers:
        out.update(layer)
    return out


def read_all(places: Iterable[Path], shape: type[T], faults: list[Fault]) -> list[tuple[Path, T]]:
    """Each file that reads as `shape`; what does not is added to `faults` with file, line and reason."""
    read = []
    for place in places:
        try:
            read.append((place, msgspec.convert(yaml.load(place.read_text("utf-8"), LOADER), shape)))
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            faults.append(Fault(short(place), line, f"not YAML: {error.problem}"))
        except (yaml.YAMLError, UnicodeDecodeError):  # a table or a picture under a rule's name
            faults.append(Fault(short(place), 1, "not YAML: this is no text in UTF-8"))
        except msgspec.ValidationError as error:
            faults.append(Fault(short(place), line_of(place, str(error)), str(error)))
    return read


def short(place: Path) -> str:
    """The last two parts of a path: enough to find a file, and no machine's own folders."""
    return "/".join(place.parts[-2:])


def line_of(place: Path, message: str) -> int:
    """The line of the key that a message names (`... - at `$.terms[...].values[0]``), else 1."""
    keys = [part.strip("`").split("[")[0] for part in message.rsplit("$", 1)[-1].split(".") if part.strip("`")]
    lines = place.read_text("utf-8").splitlines()
    for key in reversed(keys):
        for number, line in enumerate(lines, 1):
            if line.lstrip(" -{").startswith(f"{key}:"):
                return number
    return 1
