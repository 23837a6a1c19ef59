"""A program's own people, and finding one of them. Nobody else is ever searched (safeguard B7)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from monitor.intake.cells.people import fold, fold_number, is_staff, may_stand_for, plain_number, split_name
from monitor.intake.cells.preamble import is_footer

NAME_ONLY, GROUP_DECIDED = "W-WHO-NAME-ONLY", "W-WHO-GROUP-DECIDED"
MISSING, UNKNOWN, CLOSE, TWO, CONFLICT = (
    "R-WHO-MISSING", "R-WHO-NOT-ON-ROSTER", "R-WHO-CLOSE", "R-WHO-TWO", "R-WHO-CONFLICT",
)  # fmt: skip
NOBODY = "nobody"
BORN = "born "  # in what an answer about a name with a date of birth is kept under
SEVERAL = re.compile(r"[&;/+]|\band\b|\by\b", re.IGNORECASE)
LETTERS = re.compile(r"[^\W\d_]{2}")
ALIKE = 4  # letters of a family name that must agree before a nickname is suggested


class Member(msgspec.Struct, frozen=True):
    """One place in the program. ``start`` and ``end`` are the first and last day of membership, ``end`` inclusive.

    ``released_until``: the last day of the participant's release, where it ends (safeguard C8). ``group`` is what was
    entered last; ``groups``, where the place ever moved: from which day on which group, as entered. ``closed_on``: when
    the court closed the case; nothing more is taken then (safeguard H6).
    """

    key: int
    person: int
    code: str
    last: str
    first: str
    middle: str = ""
    dob: date | None = None
    case_number: str = ""
    group: str = ""
    start: date | None = None
    end: date | None = None
    released_until: date | None = None
    groups: tuple[tuple[date, str], ...] = ()
    closed_on: date | None = None

    def group_on(self, day: date) -> str:
        """The group on a day, "" for none: a move holds from its day on."""
        held = [code for first, code in self.groups if first <= day]
        return held[-1] if held else self.group

    @property
    def any_group(self) -> frozenset[str]:
        """Every group the place was or will be in, folded."""
        return frozenset(fold(code) for code in (self.group, *(code for _, code in self.groups)) if code)

    @property
    def name(self) -> str:
        """Given name first, as messages say it."""
        return " ".join(part for part in (self.first, self.middle, self.last) if part)


class Meeting(msgspec.Struct, frozen=True):
    """When a group meets: ``weekday`` 0 is Monday, ``starts`` in minutes after midnight; ``minutes``: how long, 0 where
    that is not known."""

    weekday: int
    starts: int
    minutes: int = 0


class Roster(msgspec.Struct, frozen=True):
    """The uploading program's people and groups. ``grace``: minutes after which an arrival is pointed out as late.

    ``zone``: in which the program's days are counted.
    """

    members: tuple[Member, ...]
    groups: Mapping[str, Meeting] = {}
    grace: int = 10
    zone: str = ""


class Who(msgspec.Struct, frozen=True):
    """What a row says of who it is about, as written."""

    participant_id: str = ""
    case_number: str = ""
    last_name: str = ""
    first_name: str = ""
    name: str = ""
    dob: date | None = None
    group: str = ""

    @property
    def written(self) -> str:
        """The words to show."""
        listed = ", ".join(part for part in (self.last_name, self.first_name) if part)
        return self.name or listed or self.case_number or self.participant_id

    @property
    def folded(self) -> str:
        """What an answer to "who is this?" is remembered under."""
        named = " ".join(self.split[::-1]).strip()
        return (f"{named} (staff)" if self.is_staff else named) or fold_number(self.case_number or self.participant_id)

    @property
    def exactly(self) -> str:
        """The same for rows of that date of birth, or of that group, alone."""
        told = f"{BORN}{self.dob}" if self.dob else fold(self.group)
        return f"{self.folded} ({told})" if told else self.folded

    @property
    def is_staff(self) -> bool:
        """Whether the name says that it may be one of whoever leads the class, and no number says otherwise."""
        return not numbered(self) and any(map(is_staff, (self.name, self.last_name, self.first_name)))

    @property
    def split(self) -> tuple[str, str]:
        """(family, given), folded."""
        if self.last_name:
            return split_name(f"{self.last_name}, {self.first_name}")
        return split_name(self.name) if self.name else ("", "")


def numbered(who: Who) -> bool:
    """Whether a row gives a number for whoever it is about."""
    return bool(who.participant_id or who.case_number)


class Found(msgspec.Struct, frozen=True):
    """One member, or an R- code with those to choose from; ``code`` may also be a W- code beside a member.

    ``asked``: what the answer is kept under, where it is not the name alone.
    """

    member: Member | None = None
    code: str = ""
    choices: tuple[Member, ...] = ()
    asked: str = ""


class Finder:
    """Finds the member a row is about, by the order of upload.md 2.4. ``chosen``: folded name to member code."""

    def __init__(self, roster: Roster, chosen: Mapping[str, str] | None = None) -> None:
        self._chosen = chosen or {}
        self._members = roster.members
        self.groups, self.zone = tuple(roster.groups), roster.zone
        self._meets = {fold(code): meeting.weekday for code, meeting in roster.groups.items()}
        self.weekdays = frozenset(self._meets.values())
        self._by_code = _grouped((fold_number(member.code), member) for member in roster.members)
        self._by_case = _grouped((fold_number(member.case_number), member) for member in roster.members)
        self._by_plain = _grouped((plain_number(member.case_number), member) for member in roster.members)
        self._by_last = _grouped((fold(member.last), member) for member in roster.members)
        self._found: dict[Who, Found] = {}

    def weekdays_of(self, group: str, names: Iterable[str]) -> frozenset[int]:
        """On which days a group meets; where none is told, those of these people."""
        found = [self.find(Who(name=name)).member for name in names] if fold(group) not in self._meets else []
        codes = {code for member in found if member for code in member.any_group} or {fold(group)}
        return frozenset(self._meets[code] for code in codes if code in self._meets) or self.weekdays

    def weekdays_of_one(self, group: str, who: Who) -> frozenset[int]:
        """On which days the group meets that is told, else those of whoever it is; any, where that is not known."""
        member = self.find(who).member
        codes = {fold(group)} if fold(group) in self._meets else member.any_group if member else frozenset()
        return frozenset(self._meets[code] for code in codes if code in self._meets) or self.weekdays

    def find(self, who: Who, on: date | None = None) -> Found:
        """Who it is; of two places of one person the one that was open on the day, and of two that were the one of the
        row's group, or that a person has chosen: else it is asked which."""
        if who not in self._found:
            self._found[who] = self._find(who)
        found = self._found[who]
        if found.code == TWO and len({member.person for member in found.choices}) == 1:
            found = Found(found.choices[0], NAME_ONLY, found.choices)
        return self._of_places(who, found, on) if found.member is not None and found.choices else found

    def _of_places(self, who: Who, found: Found, on: date | None) -> Found:
        places = tuple(member for member in found.choices if on is not None and _is_open(member, on))
        if on is None or len(places) < 2:
            return Found(_place_on(found.choices, on), found.code)
        named = [member for member in places if fold(member.group_on(on)) == fold(who.group)]
        chosen = self._member(self._chosen.get(who.exactly, self._chosen.get(who.folded, "")))
        if len(named) == 1:
            return Found(named[0], found.code)
        return Found(chosen, found.code) if chosen in places else Found(code=TWO, choices=places)

    def may_mean(self, who: Who) -> bool:
        """Whether names are somebody's: of the roster, or a family and a given name in a column each."""
        found = self.find(who)
        in_two = who.last_name and LETTERS.search(who.first_name) and not is_footer([who.first_name])
        return bool(found.member or found.choices or in_two)

    def _find(self, who: Who) -> Found:
        if found := self._by_number(who):
            return found
        family, given = who.split
        found = self._by_name(who, family, given) if family else Found(code=UNKNOWN if numbered(who) else MISSING)
        found = self._beside_number(who, found)
        if (exactly := self._chosen.get(who.exactly)) is not None and who.exactly != who.folded:
            member = self._member(exactly)
            return Found(member) if member else Found(code=UNKNOWN)
        chosen = self._chosen.get(who.folded)
        return found if chosen is None else self._by_choice(who, chosen, found)

    def _member(self, code: str) -> Member | None:
        members = self._by_code.get(fold_number(code), ()) if code != NOBODY else ()
        return members[0] if members else None

    def _by_choice(self, who: Who, code: str, found: Found) -> Found:
        """Who was chosen for a name. A row that tells of another by its group, or of somebody where nobody was meant,
        is asked about by itself; one that does so by date of birth is of that other."""
        chosen = self._member(code)
        if found.member and found.code != NAME_ONLY:
            return self._against_row(who, code, found, found.member)
        if chosen is None:
            return Found(code=UNKNOWN)
        if chosen in found.choices and len({member.person for member in found.choices}) == 1:
            # which of their places it is, each line says
            return found if found.member else Found(chosen, choices=found.choices)
        group, others = fold(who.group), [member for member in found.choices if member.person != chosen.person]
        another = group not in chosen.any_group and any(group in member.any_group for member in others)
        born_otherwise = who.dob is not None and chosen.dob not in (None, who.dob)
        return msgspec.structs.replace(found, asked=who.exactly) if another or born_otherwise else Found(chosen)

    def _against_row(self, who: Who, code: str, found: Found, told: Member) -> Found:
        """Of a choice, and of whom date of birth or group tell (``told``)."""
        chosen, by_group = self._member(code), found.code == GROUP_DECIDED
        if code == NOBODY and not by_group:
            return Found(code=CLOSE, choices=(told,), asked=who.exactly)
        if code == NOBODY:
            return Found(code=UNKNOWN)
        if by_group and chosen and chosen.person != told.person:
            return Found(code=CLOSE, choices=(chosen, told), asked=who.exactly)
        return found

    def _by_number(self, who: Who) -> Found | None:
        by_code = self._by_code.get(fold_number(who.participant_id), ()) if who.participant_id else ()
        by_case = self._by_case.get(fold_number(who.case_number), ()) if who.case_number else ()
        if by_code:
            contradicted = by_case and all(member.person != by_code[0].person for member in by_case)
            if contradicted or self._names_another(who, by_code):
                return Found(code=CONFLICT, choices=(by_code[0],))
            return Found(by_code[0])
        if not by_case:
            return None
        family, given = who.split
        words = {*family.split(), *given.split()}  # "ONEAL DWAYNE": with the number, either way round
        agreeing = tuple(
            member for member in by_case
            if not family or _same_family(member, family) or _names(member) <= words
        )  # fmt: skip
        if not agreeing or self._names_another(who, agreeing):
            return Found(code=CONFLICT, choices=(by_case[0],))
        return Found(agreeing[0], choices=agreeing if len(agreeing) > 1 else ())

    def _beside_number(self, who: Who, found: Found) -> Found:
        """A case number that is somebody's but for zeros and signs is never taken: alone, or beside the name of
        another, it is asked about."""
        near = self._by_plain.get(plain_number(who.case_number), ()) if who.case_number else ()
        if not near or (found.member is None and who.split[0]):
            return found
        if found.member is not None and found.member.person in {member.person for member in near}:
            return found
        named = (found.member,) if found.member is not None else ()
        return Found(code=CLOSE, choices=(*named, *near), asked=fold_number(who.case_number))

    def _names_another(self, who: Who, meant: tuple[Member, ...]) -> bool:
        """Whether name or date of birth are somebody else's on the roster, and not those of whom the number means."""
        family, given = who.split
        if not family:
            return False
        people = {member.person for member in meant}
        alike = self._by_last.get(family, ())
        named = [member for member in alike if given and _given_fits(member, given)]
        if named and not any(member.person in people for member in named):
            return True
        born = [member for member in alike if who.dob and member.dob == who.dob]
        return bool(born) and not any(member.person in people for member in born)

    def _by_name(self, who: Who, family: str, given: str) -> Found:
        alike, first = self._by_last.get(family, ()), given.split(" ")[0]
        if who.dob:
            born = tuple(member for member in alike if member.dob == who.dob)
            if len({member.person for member in born}) == 1 and not _may_be_called(born[0], first):
                return Found(code=CLOSE, choices=born)
            if len({member.person for member in born}) == 1:
                return Found(born[0], choices=born if len(born) > 1 else ())
        exact = tuple(member for member in alike if fold(member.first) == given or _first(member) == first)
        if who.dob:  # a date of birth that names somebody else rules out a match by name
            exact = tuple(member for member in exact if member.dob in (None, who.dob))
        if unsure := self._not_certain(who, exact, given):
            return Found(code=CLOSE, choices=unsure)
        if not exact:
            near = self._near(family, given, first)
            return Found(code=CLOSE if near else UNKNOWN, choices=near)
        return _decide(exact, who.group, given)

    def _not_certain(self, who: Who, exact: tuple[Member, ...], given: str) -> tuple[Member, ...]:
        """Those of one name who are asked about all the same."""
        # two people in one cell are nobody in particular, "Roe, James?" is not certain; "(volunteer)" leads the class,
        # or attends it of free will
        if exact and (SEVERAL.search(who.name) or "?" in who.name or who.is_staff):
            return exact
        others = self._numbered_in(fold_number(who.name)) if exact else ()
        if others and not {member.person for member in others} & {member.person for member in exact}:
            return (*exact, *others)  # "Roe, James #24-CR-001872": the number is another's
        alike = self._by_last[fold(exact[0].last)] if exact and not given else ()
        if {member.person for member in alike} > {member.person for member in exact}:
            return alike  # of two of one family one has no given name: the line may be about either
        other = tuple(member for member in exact if _another_middle(member, given))
        return other if len(other) == len(exact) else ()

    def _numbered_in(self, told: str) -> tuple[Member, ...]:
        return tuple(one for case, alike in self._by_case.items() if len(case) > 4 and case in told for one in alike)

    def _near(self, family: str, given: str, first: str) -> tuple[Member, ...]:
        """Those worth asking about: swapped order, short forms, one part of a double name."""
        written = f"{given} {family}".strip()
        words, pressed = set(written.split()), written.replace(" ", "")

        def close(member: Member) -> bool:
            last = fold(member.last)
            nickname = may_stand_for(first, _first(member)) or first == _first(member)
            return (
                (bool(first) and nickname and last[:ALIKE] == family[:ALIKE])
                or f"{last} {fold(member.first)}" == written
                or last.split(" ")[0] == family
                or _names(member) <= words
                or f"{fold(member.first)}{last}".replace(" ", "") == pressed
            )

        return tuple(member for member in self._members if close(member))


def _decide(exact: tuple[Member, ...], group: str, given: str) -> Found:
    people = {member.person for member in exact}
    if len(people) == 1:
        return Found(exact[0], NAME_ONLY, exact if len(exact) > 1 else ())
    same = tuple(member for member in exact if fold(group) in member.any_group)
    own = [member for member in exact if not _another_middle(member, given)]
    middle = tuple(member for member in own if member.middle and fold(member.first) != given and " " in given)
    if len(same) == 1 and same[0] in own and (len(middle) != 1 or middle == same):
        return Found(same[0], GROUP_DECIDED)
    if len(middle) == 1 and len(same) != 1:
        return Found(middle[0], NAME_ONLY)
    return Found(code=TWO, choices=exact)


def _another_middle(member: Member, given: str) -> bool:
    """Both tell a middle name, and not the same."""
    words, middle = given.split(" "), fold(member.middle)
    if len(words) < 2 or not middle or fold(member.first) == given:
        return False
    return not (middle.startswith(words[1][:1]) and (len(words[1]) == 1 or len(middle) == 1 or middle == words[1]))


def _given_fits(member: Member, given: str) -> bool:
    """The given names agree, as far as both tell any."""
    return (fold(member.first) == given or _first(member) == given.split(" ")[0]) and not _another_middle(member, given)


def _may_be_called(member: Member, first: str) -> bool:
    """Whether a given name may be theirs: the same, a short form, how it begins, or none told."""
    own = fold(f"{member.first} {member.middle}").split() or [""]
    return own[0].startswith(first) or may_stand_for(first, own[0]) or first in own


def _place_on(places: tuple[Member, ...], on: date | None) -> Member:
    return max(places, key=lambda member: (on is not None and _is_open(member, on), member.start or date.min))


def _is_open(member: Member, on: date) -> bool:
    return (member.start or date.min) <= on and (member.end is None or on <= member.end)


def _same_family(member: Member, family: str) -> bool:
    last = fold(member.last)
    return last == family or family in last.split()


def _names(member: Member) -> set[str]:
    """The words of the family name and the first given name; people with one name alone have no given name."""
    return {*fold(member.last).split(), *_first(member).split()} or {""}


def _first(member: Member) -> str:
    return fold(member.first).split(" ")[0]


def _grouped(pairs: Iterable[tuple[str, Member]]) -> dict[str, tuple[Member, ...]]:
    found: defaultdict[str, list[Member]] = defaultdict(list)
    for key, member in pairs:
        if key:
            found[key].append(member)
    return {key: tuple(members) for key, members in found.items()}
