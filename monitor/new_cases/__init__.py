"""A case enters the record: who it is about, which court has it, when it is first heard, which office supervises."""
