"""What every form has in common: unknown fields are refused, and the session's token travels along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

import msgspec

from monitor.models.base import is_id

Line = Annotated[str, msgspec.Meta(max_length=300)]
Words = Annotated[str, msgspec.Meta(max_length=4000)]
Name = Annotated[str, msgspec.Meta(max_length=60)]
Sealed = Annotated[str, msgspec.Meta(max_length=200_000)]
# what a device answers with: two or three signed pieces in base 64
Credential = Annotated[str, msgspec.Meta(max_length=20_000)]
Id = Annotated[str, msgspec.Meta(pattern=r"\A[0-9]{1,19}\Z")]

Several = Name | list[Name]  # one tick comes as a word, several as a list

TICKED: Final = "case."
MOST_TICKED: Final = 100


class Form(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Base of form bodies. Give fields defaults, so that an empty one is answered by a page and not by an error:
    the handler checks, and shows the form again with `web.pages.page(..., status=422)`. ``kept``: the reason to keep
    words that the safety lint stopped; `web.fields` reads it."""

    csrf: str = ""
    kept: str = ""


def id_of(text: str) -> int:
    """The id that was typed or sent; 0 where it can be none: another script's digits, a sign, a number too long."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else 0
    return number if is_id(number) else 0


def several(told: str | list[str]) -> tuple[str, ...]:
    """What was ticked; nothing where no box was."""
    return (told,) if isinstance(told, str) and told else tuple(told)


def ids_of(told: str | list[str]) -> list[int]:
    """The ids among what was ticked, each once."""
    return [one for one in dict.fromkeys(map(id_of, several(told))) if one]


def ticked(data: Mapping[str, str]) -> list[int]:
    """The cases whose box was ticked on a list, as far as one act goes."""
    found = (id_of(name.removeprefix(TICKED)) for name in data if name.startswith(TICKED))
    return [one for one in dict.fromkeys(found) if one][:MOST_TICKED]


def same_site_path(text: str, otherwise: str = "/") -> str:
    """``text`` if it is a path on this site, else ``otherwise``: a link may not send people elsewhere (F-04)."""
    plain = text.startswith("/") and not text.startswith("//") and "\\" not in text
    return text if plain and text.isprintable() and text.isascii() else otherwise
