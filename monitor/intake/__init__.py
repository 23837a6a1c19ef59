"""Any sheet in: read in a jail, laid out, matched to the program's own roster, shown, saved, undone."""
