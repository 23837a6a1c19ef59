"""A rule asks, a person decides, a court finds (safeguards F1 to F4): as data, in code, in the database, in words."""

from __future__ import annotations

import ast
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from monitor.due_process import BY_REVIEW, DECIDED, STANDS, STEPS, By, may_go
from monitor.models import Flag, Outbox, Review
from monitor.models.flag import FLAG_STATES, REVIEW_DECISIONS
from tests.builders import correct, decided, unexcused
from tests.house.the_house import modules, ours, read
from tests.office import NOW, TODAY, open_office, raise_flag

DAY = timedelta(days=1)
# where the court's own word may stand: what a court decided, the law as it is quoted, the name of a hearing as courts
# call it, and ids that no page shows
COURTS_OWN = {
    "web/templates/home/help.html": "Only a court decides whether an order was violated.",
}
DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef
ACCUSING = re.compile(r"violat|violaci|viol[oó]\b|infracci|incumplid|offender|perpetrat|guilty|culpable", re.I)


def test_every_state_has_its_place_in_the_steps():
    assert set(STANDS) == set(FLAG_STATES)
    assert set(BY_REVIEW) == set(REVIEW_DECISIONS) - {"REOPEN"}
    assert {state for step in STEPS for state in step} - {""} == set(FLAG_STATES)


def test_the_machine_takes_no_step_that_decides():
    machine = {(before, after) for (before, after), by in STEPS.items() if by is By.MACHINE}
    assert not {after for _, after in machine} & DECIDED
    for before in ("", *FLAG_STATES):
        for after in DECIDED - {before}:
            assert not may_go(before, after, By.MACHINE), (before, after)


def test_a_reviewer_finds_nothing_and_no_state_says_that_a_court_did():
    assert not {"FOUND", "VIOLATION", "ADMITTED", "GUILTY"} & set(FLAG_STATES)
    assert not [step for step, by in STEPS.items() if by is By.COURT]


@pytest.fixture
def office(database):
    return open_office(database)


@pytest.mark.parametrize("state", sorted(DECIDED))
def test_the_database_itself_takes_no_flag_further_without_a_persons_review(database, office, state):
    with database.system("test: a flag") as session, session.begin():
        flag = raise_flag(session, office.matter, "ENROLLMENT_OVERDUE", "B")
    with pytest.raises(DatabaseError, match="person"), database.system("test: a machine") as session, session.begin():
        session.execute(sa.update(Flag).where(Flag.id == flag).values(state=state))
    with database.system("test: a person") as session, session.begin():
        decided(session, session.get_one(Flag, flag), state)
    with database.system("test: look", writes=False) as session:
        assert session.get_one(Flag, flag).state == state


def test_nor_does_it_take_one_that_begins_decided_nor_a_review_that_was_undone(database, office):
    with database.system("test: a flag") as session, session.begin():
        flag = raise_flag(session, office.matter, "ENROLLMENT_OVERDUE", "B")
        decided(session, session.get_one(Flag, flag), "ACTED")
        session.execute(sa.update(Review).values(undone_at=NOW))
        session.get_one(Flag, flag).state = "OPEN"
    with pytest.raises(DatabaseError, match="person"), database.system("test: again") as session, session.begin():
        session.execute(sa.update(Flag).where(Flag.id == flag).values(state="ACTED"))
    with database.system("test: a row", writes=False) as session:
        row = {name: getattr(session.get_one(Flag, flag), name) for name in Flag.__table__.columns.keys()}
    with pytest.raises(DatabaseError, match="person"), database.system("test: begun") as session, session.begin():
        session.execute(sa.insert(Flag).values(**{**row, "id": 7, "key": "other", "state": "ACTED"}))


def test_a_review_is_a_users():
    column = Review.__table__.c.by_user_id
    assert not column.nullable
    assert {key.column.table.name for key in column.foreign_keys} == {"app_user"}


def test_months_of_evaluations_sweeps_and_corrections_only_ask_and_take_back(database, office):
    """No way from a rule, a timer or an import to a decision, nor to a word to the person under order."""
    with database.system("test: facts") as session, session.begin():
        missed = unexcused(session, office.matter, TODAY - 21 * DAY, TODAY - 14 * DAY, TODAY - 7 * DAY)
    office.evaluate(NOW)
    with database.system("test: corrections") as session, session.begin():
        for one in missed[:2]:
            correct(session, session.merge(one), NOW + DAY, retract=True)
    for days in (1, 2, 8, 30, 90):
        office.evaluate(NOW + days * DAY)
    with database.system("test: look", writes=False) as session:
        flags = session.scalars(sa.select(Flag)).all()
        assert len(flags) >= 2
        seen = set()
        for flag in flags:
            states = ["", *(entry["state"] for entry in flag.earlier), flag.state]
            seen |= {pair for pair in zip(states, states[1:], strict=False) if pair[0] != pair[1]}
        assert {pair for pair in seen if not may_go(*pair, By.MACHINE)} == set()
        assert ("", "OPEN") in seen
        assert len(seen) >= 2
        assert session.scalars(sa.select(Review)).all() == []
        assert session.scalars(sa.select(Outbox).where(Outbox.recipient_id == office.matter.person)).all() == []


def test_only_the_review_of_a_flag_writes_reviews_and_decisions_on_flags():
    writers = [
        str(path) for path in modules("monitor", "web", "jobs")
        if re.search(r"(?<![\w.])Review\(\s*$|(?<![\w.])Review\([a-z_]+=", read(path), re.M)
        and not str(path).startswith(("monitor/flag_review/", "monitor/models/", "monitor/demo/"))
    ]  # fmt: skip
    assert not writers
    machine = "".join(read(path) for path in modules("monitor") if str(path).startswith("monitor/compliance/"))
    for state in DECIDED:
        assert not re.search(rf"[\"']state[\"']: [\"']{state}[\"']|state=[\"']{state}[\"']", machine), state


def texts():
    """What people read: templates, the sentences of rules in both languages, words of the program."""
    for path in ours():
        name = str(path)
        if name.startswith("web/templates/") and path.suffix == ".html":
            yield name, re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<[^>]*>", " ", read(path), flags=re.S)
        elif name.startswith("rules/duties/") and path.suffix == ".yaml":
            yield name, re.sub(r"#.*|\b\w+_\w+|\b[A-Z]{6,}\b|\b\w+[.]\w+", "", read(path), flags=re.M)
        elif path.name in ("words.py", "wording.py", "page.py") and name.startswith(("monitor/", "web/")):
            tree = ast.parse(read(path))
            docs = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, DOCUMENTED)}
            words = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
            yield name, "\n".join(word for word in words if isinstance(word, str) and " " in word and word not in docs)
        elif name.startswith("monitor/documents/") and path.suffix == ".typ":
            yield name, "\n".join(re.findall(r'"([^"]+)"', read(path)))


def test_no_text_accuses_before_a_court_has_spoken():
    accusing = {}
    for name, text in texts():
        for line in text.splitlines():
            if ACCUSING.search(line) and COURTS_OWN.get(name, "\0") not in line:
                accusing.setdefault(name, []).append(line.strip()[:100])
    assert not accusing


def test_the_search_for_such_words_would_find_them():
    assert len(list(texts())) > 80
    assert ACCUSING.search("He violated the order")
    assert ACCUSING.search("Es una violación")


def test_sentences_of_flags_in_both_languages_accuse_nobody():
    import rules.sayings as sayings

    def strings(value):
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for each in value.values():
                yield from strings(each)
        elif isinstance(value, list | tuple | set | frozenset):
            for each in value:
                yield from strings(each)

    said = [text for name, value in vars(sayings).items() if not name.startswith("__") for text in strings(value)]
    assert len(said) > 50
    assert not [text for text in said if ACCUSING.search(text) and text != text.upper() and " " in text]
