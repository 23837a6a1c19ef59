"""Passwords: any characters, no silent cutting, the same work for nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice, product
from threading import Barrier

import pytest
from argon2 import extract_parameters
from hypothesis import given, settings
from hypothesis import strategies as st
from pwdlib import PasswordHash

from monitor.access import passwords, pbkdf2
from monitor.access.common_passwords import _words, is_common
from monitor.access.passwords import PasswordsBusy, check_password, hash_password, problems_with


def test_it_is_argon2id_with_at_least_19_mib_and_two_passes():
    parameters = extract_parameters(hash_password("seven green bicycles"))
    assert parameters.type.name == "ID"
    assert parameters.memory_cost >= 19456
    assert parameters.time_cost >= 2


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=64))
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
        ("nine quiet alexandrites", "your name"),
        ("abcdabcdabcdabcdabcd", "five different"),
        ("accountability monitor 1", "this system"),
        ("nine quiet \ud83d lanterns", "half a character"),
        ("Password Password 2026", "on our list"),
        ("P@ssw0rdP@ssw0rd1!", "on our list"),
        ("correct horse battery staple", "on our list"),
        ("Qwertyuiop1234567890", "on our list"),
        ("summer-sunshine-dragon-99", "on our list"),
    ],
)
def test_a_weak_new_password_is_told_why(password, said):
    assert any(said in sentence for sentence in problems_with(password, ("Alex Reyes", "alex@agency.example")))


def test_three_letters_of_a_name_five_different_ones_fifteen_in_all_and_256_bytes_will_do():
    assert problems_with("nine quiet leeward lanterns", ("Kim Lee",)) == []
    assert problems_with("wqxzyqxwzyqwxzy") == problems_with("no" + "xylem quartz " * 19 + "glyphs.") == []


@pytest.mark.parametrize("password", ["nine quiet lanterns", "🙂🙃😀😎🤖" * 4, "   words with spaces   "])
def test_any_characters_will_do(password):
    assert problems_with(password) == []


def test_a_flood_waits_and_is_then_sent_away(monkeypatch):
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.01)
    monkeypatch.setattr(passwords, "_SLOTS", threading.BoundedSemaphore(1))
    passwords._SLOTS.acquire()
    with pytest.raises(PasswordsBusy):
        check_password("anything", None)


def entries() -> Iterator[str]:
    """Entries of the list, 15 characters or longer: two words and what people add."""
    words, ends = sorted(_words()), ("", "1", "12", "123", "1234", *map(str, range(2015, 2031)))
    return (entry for one in product(words, words, ends) if len(entry := "".join(one)) >= 15)


def test_the_list_of_common_passwords_has_a_hundred_thousand_long_ones_and_knows_them_all():
    told = sorted(set(islice(entries(), 140_000)))
    assert len(told) >= 100_000
    assert all(is_common(entry) for entry in told[::97])


@pytest.mark.parametrize("password", ["tidal orchard plinth", "kfz9w-hq2mt-x7bde-rg4nj", "ünwägbar ißt dörr"])
def test_what_is_not_built_of_common_words_is_not_on_the_list(password):
    assert not is_common(password)


def test_the_list_answers_at_once_whatever_is_typed():
    started = time.thread_time()  # of the processor: others' work beside it counts for nothing
    for text in ("a" * 256, "password" * 32, "0123456789" * 25, "theisaof" * 32):
        is_common(text)
    assert time.thread_time() - started < 1


def test_profile_fips_uses_an_approved_function_and_reads_the_other_kind():
    stored = hash_password("seven green bicycles", "fips")
    assert stored.startswith("$pbkdf2-sha256$600000$")
    assert check_password("seven green bicycles", stored, "fips") == (True, None)
    assert not check_password("seven green bicycle", stored, "fips").right
    argon = hash_password("seven green bicycles")
    changed = check_password("seven green bicycles", argon, "fips")
    assert changed.right and changed.better_hash.startswith("$pbkdf2-sha256$")
    back = check_password("seven green bicycles", stored)
    assert back.right and back.better_hash.startswith("$argon2id$")


def test_fewer_rounds_are_replaced_and_nobody_is_nobody_in_profile_fips(monkeypatch):
    monkeypatch.setattr(pbkdf2, "ROUNDS", 1000)
    older = hash_password("seven green bicycles", "fips")
    monkeypatch.undo()
    assert check_password("seven green bicycles", older, "fips").better_hash.startswith("$pbkdf2-sha256$600000$")
    assert not check_password("", None, "fips").right
    assert not check_password("anything", "no hash at all", "fips").right


def test_at_most_four_are_hashed_at_once(monkeypatch):
    at_work, most, four = [], [], Barrier(4)

    class Watched(PasswordHash):
        def hash(self, password, *, salt=None):
            at_work.append(1)
            most.append(len(at_work))
            four.wait(60)  # all four are at it, however late a busy machine lets them begin
            most.append(len(at_work))
            time.sleep(0.02)
            at_work.pop()
            return "-"

    monkeypatch.setitem(passwords._HASH, "argon2id", Watched(passwords._HASH["argon2id"].hashers))
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(hash_password, ["x"] * 24))
    assert max(most) == 4


def test_four_letters_over_and_over_are_too_few_and_five_are_enough():
    few = "Use at least five different characters."
    assert few in problems_with("xqzj xqzj xqzj"[:14].replace(" ", "x") * 2)
    assert few not in problems_with("xqzjw xqzjw xqzjw".replace(" ", "") * 2)
