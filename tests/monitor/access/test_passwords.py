"""Passwords: any characters, no silent cutting, the same work for nobody."""

from __future__ import annotations

import threading

import pytest
from argon2 import extract_parameters
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.access import passwords
from monitor.access.passwords import PasswordsBusy, check_password, hash_password, problems_with


def test_it_is_argon2id_with_at_least_19_mib_and_two_passes():
    parameters = extract_parameters(hash_password("seven green bicycles"))
    assert parameters.type.name == "ID"
    assert parameters.memory_cost >= 19456
    assert parameters.time_cost >= 2


@settings(max_examples=15, deadline=None)
@given(st.text(min_size=1, max_size=40).filter(lambda text: "\0" not in text and text.isprintable()))
def test_what_was_set_is_what_opens(password):
    stored = hash_password(password)
    assert check_password(password, stored).right
    assert not check_password(password + "x", stored).right


def test_nobodys_password_is_never_right():
    assert not check_password("anything", None).right
    assert not check_password("", None).right


def test_a_password_beyond_256_bytes_is_refused_and_not_cut():
    stored = hash_password("a" * 256)
    assert not check_password("a" * 257, stored).right


def test_older_settings_are_replaced_at_the_next_sign_in():
    older = "$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$"
    from argon2 import PasswordHasher

    older = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("seven green bicycles")
    checked = check_password("seven green bicycles", older)
    assert checked.right
    assert checked.better_hash
    assert check_password("seven green bicycles", checked.better_hash).right


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("fourteen chars", "15 characters"),
        ("x" * 257 + "abcde", "256 bytes"),
        ("nine quiet\0lanterns", "NUL"),
        ("aaaaaaaaaaaaaaaaaaaa", "five different"),
        ("I am reyes and that is it", "your name"),
        ("accountability monitor 1", "this system"),
    ],
)
def test_a_weak_new_password_is_told_why(password, said):
    assert any(said in sentence for sentence in problems_with(password, ("Alex Reyes", "alex@agency.example")))


@pytest.mark.parametrize("password", ["nine quiet lanterns", "🙂🙃😀😎🤖" * 4, "   words with spaces   "])
def test_any_characters_will_do(password):
    assert problems_with(password) == []


def test_a_flood_waits_and_is_then_sent_away(monkeypatch):
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.01)
    monkeypatch.setattr(passwords, "_SLOTS", threading.BoundedSemaphore(1))
    passwords._SLOTS.acquire()
    with pytest.raises(PasswordsBusy):
        check_password("anything", None)
