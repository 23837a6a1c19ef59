"""The judge's one page: one case on one side of paper, and the query that fills it."""

from monitor.bench_page.page import (
    Allegation,
    BenchPage,
    ConditionLine,
    Heading,
    Letter,
    Mark,
    Said,
    StatusWord,
)
from monitor.bench_page.reading import bench_page

__all__ = [
    "Allegation", "BenchPage", "ConditionLine", "Heading", "Letter", "Mark", "Said", "StatusWord",
    "bench_page",
]  # fmt: skip
