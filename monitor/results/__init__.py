"""Recording what hearings came to: a claim on the case, three fields, the next date, and word to whom it concerns."""
