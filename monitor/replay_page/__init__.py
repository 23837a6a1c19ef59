"""What was known then, what is known now about then, and what changed in between, in words."""
