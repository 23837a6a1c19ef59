"""A program's months: progress reports from what is on record, the signed month, totals, and what the program owes."""
