"""The written notice: all that a fair hearing needs, in two languages, and nothing that tells who spoke (F5, B3)."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from monitor.allegations import approving, drafting
from monitor.allegations.clocks import _next_review
from monitor.allegations.notice.content import content_of, made, make, serve, why_not
from monitor.allegations.notice.words import WORDS
from monitor.allegations.reading import allegation_page
from monitor.allegations.steps import Changed
from monitor.allegations.typed import Exhibit, Typed
from monitor.amending import amend
from monitor.documents import notice_pdf
from monitor.local_law import LocalLaw, LocalLawError, Wording, local_law
from monitor.models import ContextReview, Hearing, Person
from tests.builders import absent
from tests.monitor.filing import MISSED, boss, done, office_with_a_miss, page_of, reported, sent
from tests.office import NOW, raise_flag

COUNSEL = {"en": "You may have a lawyer; ask this court for one.", "es": "Usted puede tener un abogado."}
LAW = LocalLaw(
    contest_days=10,
    notice={
        name: Wording(counsel=text, contest=f"Write to the clerk ({name}).", help=f"An interpreter is free ({name}).")
        for name, text in COUNSEL.items()
    },
)  # fmt: skip


@pytest.fixture
def office(database):
    return office_with_a_miss(database)


@pytest.fixture
def filed(office):
    report = reported(office)
    sent(office, report)
    done(office, report, approving.approve, **boss(office))
    return report


def notice_in(office, report, language, now=NOW):
    with office.scoped(writes=True) as session, session.begin():
        make(session, allegation_page(session, report, now), language, LAW, now)
    with office.scoped() as session:
        return made(session, report, language).content["notice"]


@pytest.mark.parametrize("language, title, sentence, row", [
    ("en", "Unexcused absence", "An absence on February 23", "Class: absent, Mon, Feb 23, 2026"),
    ("es", "Ausencia sin excusa", "23 de febrero", "Clase: "),
])  # fmt: skip
def test_it_holds_everything_that_a_fair_hearing_needs(office, filed, language, title, sentence, row):
    told = notice_in(office, filed, language)
    [matter] = told["matters"]
    assert matter["title"] == title
    assert sentence in matter["sentence"]
    assert matter["provision"] == "Example Code 1.2(a)"
    assert any(row in line for line in matter["rows"])
    assert "not_counted" in matter and told["helps"]
    assert told["counsel"] == COUNSEL[language]
    assert told["contest"] == f"Write to the clerk ({language})."
    assert "10" in told["within"]
    assert told["help"] == f"An interpreter is free ({language})."
    assert "near court, Dept 4" in told["hearing"]
    assert (told["person"], told["number"]) == ("Example, Ann", page_of(office, filed).number)
    assert notice_pdf(told, NOW).startswith(b"%PDF")


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_part_of_it_stands_on_the_paper_too(office, database, language):
    """F5: condition, day, evidence, hearing, counsel, how to contest, language, as a person reads them there."""
    report = reported(office)
    police = Exhibit(kind="POLICE", on=MISSED, words="26-1187", seen_by="POLICE")
    sent(office, report, exhibits=(police,))
    done(office, report, approving.approve, **boss(office))
    with database.system("test: speaks another language") as session, session.begin():
        session.get_one(Person, office.matter.person).language = "vi"
    told, say = notice_in(office, report, language), WORDS[language]
    [matter] = told["matters"]
    paper = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(notice_pdf(told, NOW))).pages).split())
    parts = (
        told["interpreter"], told["title"], told["person"], told["number"], told["court"], told["office"], say["what"],
        matter["title"], matter["day"], matter["sentence"], matter["provision"], *matter["rows"], say["not_counted"],
        *told["added"], *told["helps"], say["ask_to_see"], say["heard"], told["hearing"], told["counsel"],
        told["contest"], told["within"], told["help"],
    )  # fmt: skip
    assert all(parts) and told["added"] and told["helps"]
    assert [part for part in parts if " ".join(part.split()) not in paper] == []


@pytest.mark.parametrize("language, why", [("en", "excused"), ("es", "con excusa")])
def test_it_names_the_rows_that_were_looked_at_and_do_not_count_and_why(office, database, language, why):
    with database.system("test: one that does not count") as session, session.begin():
        other = absent(session, office.matter, date(2026, 2, 9)).id
        flag_id = raise_flag(
            session, office.matter, "CONSECUTIVE_UNEXCUSED_LIMIT", "C", evidence=[str(office.missed)],
            counter=[str(other)], counter_why=["excused"], count=2, limit=2, provision="Example Code 1.2(b)",
        )  # fmt: skip
    report = reported(office, flag_id)
    sent(office, report)
    done(office, report, approving.approve, **boss(office))
    [matter] = notice_in(office, report, language)["matters"]
    [line] = matter["not_counted"]
    assert why in line and "9" in line


def test_both_languages_say_the_same_things():
    assert WORDS["en"].keys() == WORDS["es"].keys()
    assert all(WORDS["en"][name].count("{}") == WORDS["es"][name].count("{}") for name in WORDS["en"])


def test_there_is_none_before_a_supervisor_approved_it(office):
    report = reported(office)
    sent(office, report)
    assert "follows a supervisor's approval" in why_not(page_of(office, report), "en", LAW)
    with pytest.raises(Changed, match="approval"):
        notice_in(office, report, "en")


def test_without_the_sites_own_words_on_counsel_none_is_made(office, filed):
    assert "right to counsel in Español" in why_not(
        page_of(office, filed), "es", LocalLaw(notice={"en": LAW.notice["en"]})
    )
    assert why_not(page_of(office, filed), "en", LocalLaw())


def test_a_notice_in_another_language_than_the_persons_asks_for_an_interpreter(office, filed, database):
    assert notice_in(office, filed, "en")["interpreter"] == ""
    with database.system("test: speaks Spanish") as session, session.begin():
        session.get_one(Person, office.matter.person).language = "es"
    assert "INTERPRETER REQUIRED: Español" in notice_in(office, filed, "en", NOW + timedelta(minutes=1))["interpreter"]
    assert notice_in(office, filed, "es")["interpreter"] == ""


def test_nothing_hidden_changes_a_byte_of_it_and_nobody_who_spoke_is_named(office, database):
    """With and without a context mark, an answer to the safety stop, and what somebody said, entered long ago."""
    report = reported(office)
    papers = []
    police = Exhibit(kind="POLICE", on=MISSED, words="Report 26-1004.", seen_by="POLICE")
    told = Exhibit(kind="TOLD", on=MISSED, words="Said by B. Low.", seen_by="B. Low")
    for answer, exhibits in (("DONE", (police,)), ("NONE_ASKED", (told, police))):
        done(office, report, drafting.save, Typed(ask="WARRANT", safety=answer, exhibits=exhibits))
        with office.scoped() as session:
            papers.append(content_of(session, allegation_page(session, report, NOW), "en", LAW, NOW))
        with database.system("test: a mark") as session, session.begin():
            if answer == "DONE":
                session.add(ContextReview(case_id=office.matter.case, agency_id=office.town.office, kind="MARK",
                                          sealed=b"x", raised_at=NOW))  # fmt: skip
    assert papers[0] == papers[1]
    assert notice_pdf(papers[0], NOW) == notice_pdf(papers[1], NOW)
    assert papers[0]["added"] == ["A police report, Mon, Feb 23, 2026"]
    assert "Low" not in repr(papers) and "somebody said" not in repr(papers)
    assert "TOLD" not in WORDS["en"]


def test_a_notice_prints_the_same_bytes_whatever_became_known_since(office, filed):
    before = notice_pdf(notice_in(office, filed, "en"), NOW)
    done(office, filed, approving.contest, True, "", now=NOW + timedelta(minutes=5))
    with office.scoped() as session:
        assert notice_pdf(made(session, filed, "en").content["notice"], NOW) == before


def test_handing_it_over_is_recorded_and_a_withdrawal_asks_for_word_to_the_same_person(office, filed):
    with pytest.raises(Changed, match="Make the notice first"):
        done(office, filed, serve, "IN_PERSON", "")
    notice_in(office, filed, "en")
    with pytest.raises(Changed):
        done(office, filed, serve, "BY_DRONE", "")
    done(office, filed, serve, "IN_PERSON", "At the office.")
    page = page_of(office, filed)
    assert page.served and page.steps[0].words == "Handed over in person. At the office."
    done(office, filed, approving.withdraw, "It was the wrong group.")
    gone = notice_in(office, filed, "en", NOW + timedelta(minutes=1))
    assert gone["gone"] and gone["title"] == "Notice: a report to the court was withdrawn"
    assert page_of(office, filed).state == "WITHDRAWN"


@pytest.mark.parametrize("changed", [
    {"outcome": "OFF_CALENDAR", "resulted_at": NOW}, {"kind": "PROTECTION_ORDER"}, {"kind": "SENTENCING"},
])  # fmt: skip
def test_a_hearing_that_is_off_or_about_something_else_is_not_the_next_date(office, filed, database, changed):
    for language, words in (("en", "The next date in this case is"), ("es", "La próxima fecha en este caso es")):
        assert words in notice_in(office, filed, language)["hearing"]
    with database.system("test: the calendar") as session, session.begin():
        amend(session, session.get_one(Hearing, office.flags["hearing"]), NOW, **changed)
    later = NOW + timedelta(minutes=1)
    assert notice_in(office, filed, "en", later)["hearing"] == WORDS["en"]["no_hearing"]
    with office.scoped() as session:
        assert _next_review(session, office.matter.case, NOW, office.town.zone) is None


@pytest.mark.parametrize("code, english, spanish", [
    ("E", "The program's sheet says: excused, Mon, Feb 2", "La hoja del programa dice: con excusa"),
    ("J", "The program's sheet says: in custody, Mon, Feb 2", "La hoja del programa dice: en custodia"),
])  # fmt: skip
def test_what_the_programs_own_sheet_says_for_the_person_is_told(office, database, code, english, spanish):
    with database.system("test: the sheet") as session, session.begin():
        absent(session, office.matter, date(2026, 2, 2), program_says=code)
    report = reported(office)
    sent(office, report)
    done(office, report, approving.approve, **boss(office))
    assert any(english in line.words for line in page_of(office, report).facts.helps)
    assert any(english in line for line in notice_in(office, report, "en")["helps"])
    assert any(spanish in line for line in notice_in(office, report, "es")["helps"])


def test_the_sites_file_is_read_strictly_and_a_fault_is_one_sentence(tmp_path):
    file = tmp_path / "law.toml"
    file.write_text("contest_days = 10\n[seal]\nfrom = 2027-01-01\n[close.near]\nfrom = 2027-01-01\ndays = 365\n"
                    'citation = "Example Code 9"\n[notice.en]\ncounsel = "a"\ncontest = "b"\nhelp = "c"\n')  # fmt: skip
    law = local_law(str(file))
    assert (law.contest_days, law.seal.days, law.close["near"].days) == (10, 0, 365)
    file.write_text("contest_day = 10\n")
    with pytest.raises(LocalLawError, match="contest_day"):
        local_law(str(file))
    assert local_law("") == LocalLaw()
