"""The local response matrix: versions that a team edits, signs and puts in force, and what they say of one question."""
