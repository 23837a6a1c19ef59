"""The privacy officer's desk: what waits, and what a subpoena or a breach asks for in its first hours."""
