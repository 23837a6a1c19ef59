"""How long things are kept, and cases that leave the record by order of the court."""
