"""The prosecutor's desk: what waits for a decision, the decision, evidence packets, and what was handed over."""
