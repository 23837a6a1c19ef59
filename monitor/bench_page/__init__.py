"""The judge's one page: one case on one side of paper, and the query that fills it."""
