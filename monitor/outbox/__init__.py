"""What leaves: written in the transaction that causes it, sent afterwards, at least once, under one key."""
