"""A transaction that the database itself ended, done once more from its beginning: a deadlock, a connection that broke.

Only for acts that may be done twice: where the answer to a COMMIT was lost, the first try may be kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TypeVar

from monitor.trouble import Trouble, trouble_of

Told = TypeVar("Told")
WAITS: Final = (0.2, 1.0)  # seconds before the second try, and the third; a longer absence is the next run's


def again(act: Callable[[], Told]) -> Told:
    """What ``act`` returns at the first try that is not ended by the database; the last try's error is raised."""
    for wait in WAITS:
        try:
            return act()
        except Exception as error:
            if trouble_of(error) not in (Trouble.AWAY, Trouble.SLOW):
                raise
            time.sleep(wait)
    return act()
