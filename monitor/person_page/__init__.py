"""A person in front of an officer: is this person doing what the order asks, since when, and who says so."""
