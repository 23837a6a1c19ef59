"""Hand-offs between agencies: what one owes the next, by when. Arrows are data; the record says where each stands."""
