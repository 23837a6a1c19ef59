"""The administrator's page."""

from __future__ import annotations


def test_the_administrator_sees_accounts_and_nobody_else_does(client_as):
    page = client_as("administrator").get("/admin")
    assert page.status_code == 200
    assert "Alex Reyes" in page.text
    assert client_as("officer").get("/admin").status_code == 403


def test_a_refused_person_reads_which_roles_have_the_page(client_as):
    page = client_as("program").get("/admin")
    assert "This page is for other roles" in page.text
    assert "Administrator" in page.text
