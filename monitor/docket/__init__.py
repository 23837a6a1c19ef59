"""The judge's list of one day: who is heard, in which order, and what the court is asked."""

from monitor.docket.page import HEADS, RANKS, Docket, DocketLine, NearDay
from monitor.docket.reading import ORDERS, case_after, docket, docket_pages, next_docket
from monitor.docket.text import docket_text

__all__ = [
    "HEADS", "ORDERS", "RANKS", "Docket", "DocketLine", "NearDay", "case_after", "docket", "docket_pages",
    "docket_text", "next_docket",
]  # fmt: skip
