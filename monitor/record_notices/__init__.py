"""That a record exists: one form in, no way back, and two desks that may ask for it by the lawful way (C10)."""
