"""Who works here, on the administrator's screen: nobody gives eyes to anybody alone (safeguard D7)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from monitor.access.inactive import disable_unused
from monitor.clock import utc_now
from monitor.models import Agency, ApprovalRequest, AuditEntry, Membership, User
from monitor.models.auth_session import AuthSession
from tests.web.conftest import SECRET

LOST = {"why": "Lost the authenticator; came in person."}
NEW = {"name": "Ann Lee", "email": "ann@pine.example", "role": "officer", "why": "Begins on Monday.", "ends_on": ""}


@pytest.fixture
def office(client_as, database):
    """Two administrators, an officer at work, and the code of the officer's agency."""
    officer = client_as("officer", name="Bo Reed")
    first, second = client_as("administrator", name="Kim Ito"), client_as("administrator", name="Lou Ray")
    first.code = code_of(database, "probation")
    first.officer, first.second = officer, second
    return first


def account(database, email="ann@pine.example"):
    with database.system("test: whose account", writes=False) as session:
        return session.scalar(select(User).where(User.email == email))


def change(database, model, where, **values):
    with database.system("test: as it were") as session, session.begin():
        session.execute(update(model).where(where).values(**values))


def requests(database, act="role.grant"):
    with database.system("test: what waits", writes=False) as session:
        return list(session.scalars(select(ApprovalRequest).where(ApprovalRequest.act == act)))


def ask(office, **form):
    return office.post("/admin/accounts/new", data={**NEW, "agency": office.code, **form}, follow_redirects=False)


def agree(office, database, act="role.grant"):
    for one in requests(database, act):
        office.second.post(f"/approvals/{one.id}", data={"decision": "approve"})


def signs_in(new_browser, email, password) -> bool:
    browser = new_browser()
    browser.post("/sign-in", data={"email": email, "password": password})
    return browser.get("/sign-in/code", follow_redirects=False).headers.get("location") == "/sign-in/set-up"


def password_on(page: str) -> list[str]:
    return re.findall(r'<code class="key">([^<]+)</code>', page)


def test_a_new_officer_is_asked_for_agreed_to_handed_a_password_and_signs_in(office, database, new_browser):
    assert ask(office).status_code == 303
    user = account(database)
    assert "Waits for a second person" in office.get("/admin/accounts").text
    assert "Begins on Monday." in office.second.get("/approvals").text
    agree(office, database)
    assert "Waits for its first sign-in" in office.get("/admin/accounts?standing=first").text
    slips = office.post("/admin/accounts/first-passwords", data={"one": str(user.id)})
    password, = password_on(slips.text)
    assert "ann@pine.example" in slips.text
    assert signs_in(new_browser, "ann@pine.example", password)
    with database.system("test: the trail", writes=False) as session:
        events = set(session.scalars(select(AuditEntry.event)))
    assert {"user.asked", "approval.decided", "user.first_password"} <= events


def test_before_the_second_person_agrees_there_is_no_role_no_password_and_no_way_in(office, database, new_browser):
    ask(office)
    user = account(database)
    answer = office.post("/admin/accounts/first-passwords", data={"one": str(user.id)}, follow_redirects=True)
    assert "Tick who has a role" in answer.text and not password_on(answer.text)
    assert not signs_in(new_browser, "ann@pine.example", "!")
    request, = requests(database)
    assert office.post(f"/approvals/{request.id}", data={"decision": "approve"}).status_code == 404


def test_a_first_password_is_for_those_alone_who_never_signed_in(office, database):
    theirs = office.officer.user_id
    answer = office.post("/admin/accounts/first-passwords", data={"one": str(theirs)}, follow_redirects=True)
    assert not password_on(answer.text)


def test_who_waits_for_an_answer_is_not_ended_in_the_night(office, database):
    ask(office, ends_on="2099-01-01")
    with database.system("test: the night") as session, session.begin():
        disable_unused(session, SECRET, utc_now())
    assert account(database).disabled_at is None


def test_a_no_leaves_an_account_without_a_role_that_may_be_asked_for_again(office, database):
    ask(office)
    request, = requests(database)
    office.second.post(f"/approvals/{request.id}", data={"decision": "decline"})
    assert "Has no role" in office.get("/admin/accounts?standing=no_role").text
    assert "exists already" in ask(office).text
    role = {"email": NEW["email"], "role": "officer", "agency": office.code, "why": "After all."}
    assert office.post("/admin/roles", data=role, follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"why": " "}, "Say in a few words why"), ({"role": "judge"}, "needs an agency of kind court"),
        ({"email": "ann at pine"}, "looks like name@agency.example"), ({"name": ""}, "Give the name"),
        ({"ends_on": "2020-01-01"}, "lie ahead"), ({"agency": "nowhere"}, "no agency with the code"),
    ],
)
def test_a_form_with_a_fault_keeps_what_was_typed_and_nothing_else(office, database, form, said):
    answer = ask(office, **form)
    assert answer.status_code == 422 and said in answer.text
    assert account(database) is None and requests(database) == []


def code_of(database, kind):
    with database.system("test: which agency", writes=False) as session:
        return session.scalar(select(Agency.code).where(Agency.kind == kind))


def its(database, browser):
    """The code of the agency of somebody with one role."""
    with database.system("test: whose agency", writes=False) as session:
        held = select(Agency.code).join(Membership, Membership.agency_id == Agency.id)
        return session.scalar(held.where(Membership.user_id == browser.user_id))


def client_as_user(database, browser):
    """The same browser, in the role that was given last."""
    with database.system("test: the newest role") as session, session.begin():
        newest = session.scalar(select(Membership.id).where(
            Membership.user_id == browser.user_id, Membership.role == "administrator"))
        session.execute(update(AuthSession).where(AuthSession.user_id == browser.user_id).values(membership_id=newest))
    return browser


def agency_of(database, code):
    with database.system("test: whose agency", writes=False) as session:
        return session.scalar(select(Agency.id).where(Agency.code == code))


def many(office, act, *more):
    """A list of three people, one of them with a role that there is not; and ``more`` lines."""
    people = "\n".join([
        "Name,E-mail,Role,Agency", f"Ann Lee,ann@pine.example,officer,{office.code}",
        f"Cy Dow,cy@pine.example,Supervising officer,{office.code}", f"Di Fox,di@pine.example,boss,{office.code}",
        *more,
    ])  # fmt: skip
    return {"people": people, "why": "The office opens.", "act": act}


def test_checking_a_list_says_what_comes_of_each_line_and_keeps_nothing(office, database):
    checked = office.post("/admin/accounts/many", data=many(office, "check"))
    assert "2 of 3 can be asked for" in checked.text and "no role “boss”" in checked.text
    assert account(database) is None and requests(database) == []


def test_asking_for_a_list_asks_for_all_that_fit_and_gives_the_others_back(office, database):
    form = many(office, "ask")
    asked = office.post("/admin/accounts/many", data=form)
    assert "2 asked for" in asked.text and "Di Fox" in asked.text and "cy@pine.example" not in asked.text
    assert len(requests(database)) == 2
    again = office.post("/admin/accounts/many", data=form)
    assert again.text.count("exists already") == 2 and len(requests(database)) == 2


def test_where_nobody_else_could_agree_that_line_alone_is_left(office, database, client_as):
    change(database, User, User.id == office.second.user_id, disabled_at=utc_now(), disabled_why="administrator")
    client_as("clerk")
    client_as("privacy_officer", agency_id=agency_of(database, office.code), name="Ira Moss")
    line = f"Ed Coe,ed@pine.example,clerk,{code_of(database, 'court')}"
    checked = office.post("/admin/accounts/many", data=many(office, "check", line))
    assert "2 of 4 can be asked for" in checked.text and "Nobody is left who could say yes" in checked.text


def test_a_second_person_agrees_to_many_roles_at_once_and_to_nothing_else_that_way(office, database):
    office.post("/admin/accounts/many", data=many(office, "ask"))
    office.post(f"/admin/accounts/{office.officer.user_id}/reset", data=LOST)
    ids = [str(one.id) for one in requests(database) + requests(database, "account.reset")]
    told = office.second.post("/approvals/ticked", data={"one": ids}, follow_redirects=True)
    assert "2 roles approved" in told.text
    assert {one.outcome for one in requests(database)} == {"APPROVED"}
    assert {one.outcome for one in requests(database, "account.reset")} == {None}
    own = office.post("/approvals/ticked", data={"one": ids}, follow_redirects=True)
    assert "Tick the roles first" in own.text


def test_a_new_password_takes_a_second_person_and_is_made_once(office, database, new_browser):
    theirs = office.officer.user_id
    assert office.post(f"/admin/accounts/{theirs}/password").status_code == 404
    assert office.post(f"/admin/accounts/{theirs}/reset", data={"why": ""}).status_code == 422
    office.post(f"/admin/accounts/{theirs}/reset", data=LOST)
    assert office.post(f"/admin/accounts/{theirs}/password").status_code == 404
    agree(office, database, "account.reset")
    assert office.second.post(f"/admin/accounts/{theirs}/password").status_code == 404
    assert office.officer.get("/today").status_code == 200
    made = office.post(f"/admin/accounts/{theirs}/password")
    password, = password_on(made.text)
    assert office.post(f"/admin/accounts/{theirs}/password").status_code == 404
    assert office.officer.get("/today", follow_redirects=False).status_code == 303
    with database.system("test: whose", writes=False) as session:
        email = session.scalar(select(User.email).where(User.id == theirs))
    assert signs_in(new_browser, email, password)


def test_nobody_resets_themselves_this_way_nor_a_disabled_account(office, database):
    assert office.post(f"/admin/accounts/{office.user_id}/reset", data={"why": "Mine."}).status_code == 404
    theirs = office.officer.user_id
    change(database, User, User.id == theirs, disabled_at=utc_now(), disabled_why="administrator")
    assert office.post(f"/admin/accounts/{theirs}/reset", data={"why": "Theirs."}).status_code == 404


def roles(database, user_id):
    with database.system("test: roles", writes=False) as session:
        return session.scalars(select(Membership).where(Membership.user_id == user_id)).one()


def look_at(office, role, act):
    return office.post("/admin/accounts/review", data={"one": str(role.id), "act": act}, follow_redirects=True).text


def test_a_role_is_looked_at_once_a_quarter_and_kept_or_ended(office, database):
    theirs = roles(database, office.officer.user_id)
    long_ago = utc_now() - timedelta(days=100)
    change(database, Membership, Membership.user_id == office.second.user_id, reviewed_at=utc_now())
    listed = office.get("/admin/accounts/review").text
    assert "Bo Reed" in listed and "Your own" in listed and "Lou Ray" not in listed
    told = look_at(office, theirs, "keep")
    assert "1 role kept" in told and "Bo Reed" not in told
    change(database, Membership, Membership.id == theirs.id, reviewed_at=long_ago)
    ended = look_at(office, theirs, "end")
    assert "1 role ended" in ended
    assert office.officer.get("/today", follow_redirects=False).status_code == 303
    assert "Has no role" in office.get("/admin/accounts?standing=no_role").text


def test_ones_own_role_is_left_to_another_administrator(office, database):
    own = roles(database, office.user_id)
    assert "1 left as before" in look_at(office, own, "end")
    assert roles(database, office.user_id).until_on is None


def test_the_administration_says_how_many_accounts_are_in_which_state(office):
    page = office.get("/admin").text
    assert re.search(r'Ready: <a class="usa-link" href="/admin/accounts\?standing=ready">\d+</a>', page)


def test_accounts_of_one_agency_are_shown_alone(office):
    shown = office.get(f"/admin/accounts?agency={office.code}").text
    assert "Bo Reed" in shown and "Lou Ray" not in shown


def test_the_second_person_reads_whose_address_it_is(office, database):
    ask(office)
    assert "Ann Lee, ann@pine.example" in office.second.get("/approvals").text


def test_whom_an_administrator_led_in_does_not_agree_to_what_that_administrator_asks(office, database, client_as):
    """Kim might have kept the slip: the new administrator may be Kim under another name."""
    puppet = client_as("clerk", name="Bo Reed Too")
    with database.system("test: an account of theirs", writes=False) as session:
        email = session.scalar(select(User.email).where(User.id == puppet.user_id))
    office.post("/admin/roles", data={"email": email, "role": "administrator", "agency": its(database, office),
                                      "why": "A third one."})
    agree(office, database)
    ask(office)
    third = client_as_user(database, puppet)
    assert "Ann Lee" not in third.get("/approvals").text
    waits, = [one for one in requests(database) if one.outcome is None]
    assert third.post(f"/approvals/{waits.id}", data={"decision": "approve"}).status_code == 404
    assert "Ann Lee" in office.second.get("/approvals").text


def test_the_slip_before_opens_nothing_once_another_one_is_made(office, database, new_browser):
    ask(office)
    agree(office, database)
    user = str(account(database).id)
    first, = password_on(office.post("/admin/accounts/first-passwords", data={"one": user}).text)
    half_way = new_browser()
    half_way.post("/sign-in", data={"email": NEW["email"], "password": first})
    office.second.post("/admin/accounts/first-passwords", data={"one": user})
    assert half_way.get("/sign-in/set-up", follow_redirects=False).headers["location"].startswith("/sign-in")
    assert not signs_in(new_browser, NEW["email"], first)


def test_a_new_password_is_asked_for_once_at_a_time(office, database):
    where = f"/admin/accounts/{office.officer.user_id}/reset"
    office.post(where, data=LOST)
    assert "asked for already" in office.second.post(where, data=LOST).text
    agree(office, database, "account.reset")
    assert "asked for already" in office.post(where, data=LOST).text
    assert len(requests(database, "account.reset")) == 1


def test_a_role_that_ended_today_may_be_given_again_today(office, database):
    ask(office)
    agree(office, database)
    user = account(database)
    change(database, Membership, Membership.user_id == user.id, until_on=roles(database, user.id).from_on)
    office.post("/admin/roles", data={"email": NEW["email"], "role": "officer", "agency": office.code, "why": "Back."})
    agree(office, database)
    assert roles(database, user.id).until_on is None


def test_a_disabled_account_gets_no_role_by_a_late_yes(office, database):
    ask(office)
    change(database, User, User.email == NEW["email"], disabled_at=utc_now(), disabled_why="administrator")
    request, = requests(database)
    told = office.second.post(f"/approvals/{request.id}", data={"decision": "approve"}, follow_redirects=True)
    assert "That account is disabled" in told.text
    assert requests(database)[0].outcome is None


def test_of_several_ticked_roles_it_is_said_what_became_of_each(office, database):
    office.post("/admin/accounts/many", data=many(office, "ask"))
    change(database, User, User.email == "cy@pine.example", disabled_at=utc_now(), disabled_why="administrator")
    ids = [str(one.id) for one in requests(database)]
    told = office.second.post("/approvals/ticked", data={"one": ids}, follow_redirects=True).text
    assert "1 role approved, and given." in told and "That account is disabled" in told


def test_a_review_reaches_no_role_that_was_looked_at_this_quarter(office, database):
    other = roles(database, office.second.user_id)
    change(database, Membership, Membership.id == other.id, reviewed_at=utc_now())
    assert "1 left as before" in look_at(office, other, "end")
    assert roles(database, office.second.user_id).until_on is None


def test_after_a_reset_the_list_says_so_and_offers_no_first_password(office, database):
    theirs = office.officer.user_id
    office.post(f"/admin/accounts/{theirs}/reset", data=LOST)
    agree(office, database, "account.reset")
    office.post(f"/admin/accounts/{theirs}/password")
    shown = office.get("/admin/accounts?standing=anew").text
    assert "Bo Reed" in shown and "Not since then" in shown and 'name="one"' not in shown
