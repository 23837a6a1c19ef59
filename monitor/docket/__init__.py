"""The judge's list of one day: who is heard, in which order, and what the court is asked."""

from monitor.docket.page import RANKS, Docket, DocketLine, NearDay
from monitor.docket.reading import docket, docket_pages, next_docket

__all__ = ["RANKS", "Docket", "DocketLine", "NearDay", "docket", "docket_pages", "next_docket"]
