"""Names on orders and sign-in secrets cannot be read, moved or altered in the database."""

import pytest

from monitor.sealing import SealError, derive_key, seal, sealing_keys, unseal

KEY = sealing_keys("a secret of the site, long enough for the test", "names")
PLACE = "protected_party.sealed_name.1"


def test_a_sealed_name_opens_only_in_its_own_row() -> None:
    sealed = seal(KEY, "Łucja Nguyễn", PLACE)

    assert unseal(KEY, sealed, PLACE) == "Łucja Nguyễn"
    with pytest.raises(SealError):
        unseal(KEY, sealed, "protected_party.sealed_name.2")


def test_an_altered_or_foreign_value_does_not_open_and_its_error_tells_nothing() -> None:
    sealed = bytearray(seal(KEY, "Name", PLACE))
    sealed[-1] ^= 1

    for key, value in ((KEY, bytes(sealed)), (sealing_keys("another secret", "names"), seal(KEY, "Name", PLACE))):
        with pytest.raises(SealError, match=r"^this value does not open here$"):
            unseal(key, value, PLACE)


def test_the_same_name_sealed_twice_looks_different_and_never_contains_the_name() -> None:
    one, two = seal(KEY, "Marcus", PLACE), seal(KEY, "Marcus", PLACE)

    assert one != two
    assert b"Marcus" not in one


def test_each_purpose_has_a_key_of_its_own() -> None:
    assert sealing_keys("secret", "names").by_version != sealing_keys("secret", "totp").by_version
    assert derive_key("secret", "audit") != derive_key("secret", "forms")
