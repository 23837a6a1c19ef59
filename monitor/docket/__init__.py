"""The judge's list of one day: who is heard, in which order, and what the court is asked."""

from monitor.docket.court_order import ORDERS, set_court_order
from monitor.docket.filters import filtered, filters
from monitor.docket.page import HEADS, ORDER_WORDS, RANKS, Docket, DocketLine, NearDay
from monitor.docket.reading import case_after, docket, docket_pages, find_court, next_docket
from monitor.docket.text import docket_text

__all__ = [
    "HEADS", "ORDERS", "ORDER_WORDS", "RANKS", "Docket", "DocketLine", "NearDay", "case_after", "docket",
    "docket_pages", "docket_text", "filtered", "filters", "find_court", "next_docket", "set_court_order",
]  # fmt: skip
