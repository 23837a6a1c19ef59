"""One group, one class, one page: who came, how they took part, and what the officer must hear at once."""
