"""`python -m web.compiling`: every page compiled now, by whoever installs, where the service itself may not write."""

from __future__ import annotations

import os

from web.pages import COMPILED, ENVIRONMENT


def main() -> None:
    """Compile what is not compiled yet, and say where it lies."""
    os.umask(0o022)
    pages = ENVIRONMENT.list_templates()
    for name in pages:
        ENVIRONMENT.get_template(name)
    print(f"{len(pages)} pages in {COMPILED.place}" if COMPILED.works else f"Nothing can be kept in {COMPILED.place}.")


if __name__ == "__main__":
    main()
