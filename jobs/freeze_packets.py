"""Freeze the bench pages of coming hearings, three court days before and one."""

from __future__ import annotations

import time
from typing import Final

from jobs.work import Work
from monitor.compliance.evaluation import switched_on
from monitor.freezing import due, freeze
from monitor.job_queue import LeaseLost

BREATH: Final = 0.3  # seconds: on SQLite whoever waits to write looks again ten times a second, and gives up after ten


class PacketsFailed(Exception):
    """Some packets could not be frozen; the next run tries them again. All others were."""


def run(work: Work) -> str:
    """Each packet in a transaction of its own: killed in between, the rest is frozen at the next run, nothing twice.

    One page that cannot be made keeps no other hearing from its packet. Raises `PacketsFailed` at the end.
    """
    packs = switched_on(*work.settings.own_packs())
    with work.reading() as session:
        waiting = due(session, work.clock())
    frozen, failed = 0, list[Exception]()
    for one in waiting:
        if frozen:
            time.sleep(BREATH)  # a page is drawn under the lock, to hold all that was known: others come between
        try:
            with work.transaction() as session:
                frozen += freeze(session, one, work.clock(), packs, work.settings.secret_key)
        except LeaseLost:
            raise
        except Exception as error:  # whatever is wrong with one case
            failed.append(error)
    if failed:
        raise PacketsFailed(f"{len(failed)} packets failed, {frozen} frozen") from failed[0]
    return f'{{"packets":{frozen}}}'
