"""A place in a program from referral to certificate: which moves there are, and what each writes on the record."""
