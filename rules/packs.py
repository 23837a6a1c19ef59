"""Packs as data, loaded: ours, and a site's own folders laid beside them.

Every pack inherits `base`. A file that does not lint is left out and reported, and never stops the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TypeVar

import msgspec

from rules import lint
from rules.catalogue import CATALOGUE
from rules.pack_files import (
    DUTIES,
    OURS,
    DutyFile,
    Fault,
    PackFile,
    Packs,
    Rule,
    RuleFile,
    Term,
    read_all,
    short,
    spec_of,
)

T = TypeVar("T", bound=msgspec.Struct)


def load(*folders: Path, stale_before: date | None = None, ours: bool = True) -> Packs:
    """Ours, then each folder's packs laid over them: subfolders with a pack.yaml, or with the name of a pack known.

    `stale_before` tells of citations that nobody has looked at since (never fatal). `ours=False`: the folders alone.
    """
    faults = [Fault(short(root), 1, "there is no such folder of packs") for root in folders if not root.is_dir()]
    duties = {duty.code: duty for _, duty in read_all(sorted(DUTIES.glob("*.yaml")), DutyFile, faults)}
    heads: dict[str, PackFile] = {}
    files: Files = {}
    for root in (OURS, *folders) if ours else folders:
        found = read_all(sorted(root.glob("*/pack.yaml")), PackFile, faults)
        names = {*heads, *(place.parent.name for place, _ in found)}
        for place, head in sound(found, lambda place, head: lint.pack_faults(place, head, names), faults):  # noqa: B023
            heads[place.parent.name] = headed(heads.get(place.parent.name), head)
        for folder in sorted(place for place in root.glob("*/") if place.name in heads):
            own = read_all(sorted(f for f in folder.glob("*.yaml") if f.name != "pack.yaml"), RuleFile, faults)
            good = sound(own, lambda place, rule: lint.rule_faults(place, rule, duties, stale_before), faults)
            for _, rule in good:
                files.setdefault(folder.name, {}).setdefault(rule.code, []).append(rule)
    rules = {name: list(merged(name, heads, files, duties)) for name in sorted(heads)}
    return Packs(heads, duties, rules, faults)


Files = dict[str, dict[str, list[RuleFile]]]  # pack, code: the files of that pack, ours first


def headed(below: PackFile | None, head: PackFile) -> PackFile:
    """A pack.yaml laid over the one of the same pack: what it does not say stays."""
    if below is None:
        return head
    said = {name: getattr(head, name) for name in head.__struct_fields__ if getattr(head, name)}
    return msgspec.structs.replace(below, **said)


def sound(
    found: list[tuple[Path, T]], check: Callable[[Path, T], Iterable[Fault]], faults: list[Fault]
) -> list[tuple[Path, T]]:
    """Those without a fatal fault; what was found is added to `faults`."""
    good = []
    for place, read in found:
        told = list(check(place, read))
        faults.extend(told)
        if not any(fault.fatal for fault in told):
            good.append((place, read))
    return good


def line_up(name: str, heads: dict[str, PackFile]) -> list[str]:
    """A pack and what it inherits, the furthest first. A circle is cut."""
    chain = [name]
    while (above := heads[chain[0]].inherits) in heads and above not in chain:
        chain.insert(0, above or "")
    return chain


def merged(name: str, heads: dict[str, PackFile], files: Files, duties: dict[str, DutyFile]) -> Iterator[Rule]:
    """The rules of one pack, inherited ones first laid under its own."""
    chain = line_up(name, heads)
    chosen = next((head.local_policy for link in reversed(chain) if (head := heads[link]).local_policy), None)
    for code in sorted({code for link in chain for code in files.get(link, {})} & duties.keys()):
        source = next(link for link in reversed(chain) if code in files.get(link, {}))
        rules = [rule for link in chain for rule in files.get(link, {}).get(code, [])]
        yield Rule(
            id=f"{source}.{code.lower()}",
            code=code,
            pack=name,
            provision=next((rule.provision for rule in reversed(rules) if rule.provision), ""),
            duty=next((rule.duty for rule in reversed(rules) if rule.duty), duties[code].duty),
            spec=spec_of(duties[code], rules),
            terms=terms_of(rules),
            needs=[need for rule in rules for need in rule.needs],
            kind=next((rule.kind for rule in reversed(rules) if rule.kind), CATALOGUE[code].kind),
            rolls=heads[name].roll_forward is not None,
            local_policy=chosen.decides if chosen else "local",
            own=frozenset(own for rule in files.get(name, {}).get(code, []) for own in rule.terms),
        )


def terms_of(layers: list[RuleFile]) -> dict[str, Term]:
    """Terms with what each layer changes. Values of courts and counties alone are added to those of the state."""
    found: dict[str, Term] = {}
    for layer in layers:
        for name, own in layer.terms.items():
            term = own
            below = found.get(name)
            local = bool(own.values) and all(value.court or value.county for value in own.values)
            if below is not None and local:
                term = msgspec.structs.replace(below, values=[*below.values, *own.values])
            found[name] = term
    return found
