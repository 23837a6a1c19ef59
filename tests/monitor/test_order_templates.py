"""Templates of orders are data: what ships fits every court, a site's own lie over it, and a wrong one says so."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from monitor.demo.opening import LOCAL_LAW
from monitor.local_law import Confirmed, LocalLawError, local_law
from monitor.orders import firearms
from monitor.orders.templates import OURS, TemplateError, offered, read, templates, usable
from monitor.orders.words import WARNINGS_EDITION, code_of, exception_words
from rules import packs


def test_every_template_that_ships_can_be_used_and_says_where_it_comes_from() -> None:
    found = templates()
    assert len(found) == len(list(OURS.glob("*.yaml"))) >= 6
    for one in found.values():
        assert one.cite.text and one.edition and any(term.usual for term in one.terms), one.code


@pytest.mark.parametrize("pack", ["us_ca", "us_ga"])
def test_a_court_is_offered_the_edition_of_its_own_law_and_else_the_general_one(pack: str) -> None:
    assert pack in packs.load().packs
    kinds = {one.code for one in offered(templates(), pack)}
    assert ("criminal_no_contact_ca" in kinds, "criminal_no_contact" in kinds) == (pack == "us_ca", pack != "us_ca")
    assert "probation_dv" in kinds and "emergency_protective" in kinds


def test_a_sites_own_template_lies_over_ours_by_its_code(tmp_path: Path) -> None:
    text = (OURS / "emergency_protective.yaml").read_text(encoding="utf-8")
    (tmp_path / "own.yaml").write_text(text.replace("lasts: 7", "lasts: 5"), encoding="utf-8")
    assert templates(tmp_path)["emergency_protective"].lasts == 5 and templates()["emergency_protective"].lasts == 7


def test_a_template_from_memory_is_off_until_its_very_edition_is_confirmed_by_name_and_from_the_day_on() -> None:
    day = date(2026, 11, 20)
    for one in templates().values():
        sure = {one.code: Confirmed(one.edition, "A. Lawyer", day, "The code, as printed")}
        other = {one.code: Confirmed("2020-01", "A. Lawyer", day, "The code, as printed")}
        tried = [usable(one, {}, day), usable(one, other, day), usable(one, sure, day - timedelta(1)),
                 usable(one, sure, day)]  # fmt: skip
        assert tried == ([False, False, False, True] if one.cite.confidence == "memory_unverified" else [True] * 4)
    assert not usable(templates()["civil_protection"], {}, day)


@pytest.mark.parametrize(("line", "becomes"), [('by = "A. Lawyer"', 'by = " "'), ("day = 2026-11-20", "")])
def test_a_confirmation_without_a_name_or_a_day_is_refused(tmp_path: Path, line: str, becomes: str) -> None:
    text = '[orders.civil_protection]\nedition = "2026-11"\nby = "A. Lawyer"\nday = 2026-11-20\ntext = "the code"\n'
    (tmp_path / "law.toml").write_text(text, encoding="utf-8")
    assert local_law(str(tmp_path / "law.toml")).orders["civil_protection"].holds("2026-11", date(2026, 11, 20))
    (tmp_path / "law.toml").write_text(text.replace(line, becomes), encoding="utf-8")
    with pytest.raises(LocalLawError):
        local_law(str(tmp_path / "law.toml"))


def test_the_demo_confirms_every_template_from_memory_in_the_name_of_its_invented_court(tmp_path: Path) -> None:
    (tmp_path / "law.toml").write_text(LOCAL_LAW, encoding="utf-8")
    law = local_law(str(tmp_path / "law.toml"))
    assert all(usable(one, law.orders, date(2026, 11, 20)) for one in templates().values())
    assert law.warnings is not None and law.warnings.edition == WARNINGS_EDITION and "invented" in law.warnings.by


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [("code: '05'", "code: '10'", "unknown code"), ("duty: no_contact", "duty: bip", "duties of supervision"),
     ("what: court", "what: the_lake_house", "of no list"), ("kind: EMERGENCY_PROTECTIVE", "kind: LETTER", "no kind"),
     ("lasts: 7", "lasts: soon", "cannot be read"), ("code: '02'", "code: '01'", "twice"),
     ("yards: 100", "street: Elm", "cannot be read")],
)  # fmt: skip
def test_a_template_that_cannot_be_right_is_refused_with_its_name(
    tmp_path: Path, was: str, becomes: str, told: str
) -> None:
    text = (OURS / "emergency_protective.yaml").read_text(encoding="utf-8")
    assert was in text
    (tmp_path / "own.yaml").write_text(text.replace(was, becomes), encoding="utf-8")
    with pytest.raises(TemplateError, match=told) as caught:
        read(tmp_path / "own.yaml")
    assert "own.yaml" in str(caught.value)


@pytest.mark.parametrize(
    ("answers", "flag"),
    [("YYY", "Y"), ("YYN", "N"), ("NYY", "N"), ("YUY", "U"), ("UUU", "U"), ("NUU", "N"), ("YY", "U")],
)
def test_yes_needs_all_three_answers_and_one_no_is_no(answers: str, flag: str) -> None:
    assert firearms.proposed(tuple(answers)) == flag


def test_an_order_without_the_other_side_never_opens_as_if_a_hearing_had_been_held() -> None:
    assert firearms.proposed(firearms.opening("ex_parte")) == "N"
    assert firearms.opening("with_notice") == ("", "", ""), "nothing is presumed"


def test_a_local_condition_goes_out_as_08_unless_it_says_what_a_code_says() -> None:
    assert [code_of(one) for one in ("05", "BIP", "NO_CONTACT", "FIREARM_SURRENDER", "FINES_FEES")] == [
        "05", "08", "05", "07", "08"
    ]  # fmt: skip


def test_an_exception_is_told_in_neutral_words_and_one_of_no_list_in_none() -> None:
    told = exception_words({"what": "child_exchange", "who": "supervised", "when": "order_says", "place": "center"})
    assert told == "hand over a child, with supervision, at a supervised center, at the times in the order"
    assert exception_words({"what": "see the lake house"}) == "" == exception_words("counsel")
