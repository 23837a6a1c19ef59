"""Why somebody goes outside what the matrix or a rule proposes: one of these, and a line in their own words."""

from __future__ import annotations

from typing import Final

REASONS: Final = {
    "BARRIER": "Something is in the way that is not the person's doing",
    "TRIED": "What the range offers was tried before, or does not fit here",
    "SAFETY": "Somebody's safety asks for it",
    "ORDER": "The court's own order asks for it",
    "SETBACK": "A setback in treatment",
    "SYSTEM": "A program's or an office's own error has a part in it",
    "OTHER": "Something else",
}
