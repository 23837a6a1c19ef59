"""Bring in the sheets that programs dropped by SFTP."""

from __future__ import annotations

from pathlib import Path

from jobs.work import Work
from monitor.intake.drops import boxes, take_in, waiting
from monitor.intake.scanning import scanner_of
from monitor.trouble import Trouble, trouble_of


def run(work: Work) -> str:
    """Each sheet has a transaction of its own; between two, the lease is renewed. Off without a folder.

    A sheet that fails holds up no other one; the run fails once all have had their turn.
    """
    taken = later = 0
    failed: Exception | None = None
    folder, scanner = work.settings.intake_folder, scanner_of(work.settings)
    for box in boxes(work.database, Path(folder)) if folder else []:
        try:
            for drop in waiting(box):
                with work.transaction():
                    pass
                try:
                    take_in(work.database, drop, work.settings.secret_key, work.clock(), scanner)
                    taken += 1
                except Exception as error:
                    later += 1  # somebody saves in this program just now; it is still there in a minute
                    failed = failed if trouble_of(error) is Trouble.SLOW else error
        except OSError as error:  # one program's folder that cannot be listed holds up no other
            failed = error
    if failed is not None:
        raise failed
    return f'{{"sheets":{taken},"later":{later}}}'
