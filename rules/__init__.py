"""The law: facts and packs in, dated spans with their reasons out. No clock, no database, no web."""
