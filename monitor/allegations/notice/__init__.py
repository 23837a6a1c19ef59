"""The written notice to the person whom a report is about (safeguard F5): made after approval, printed, handed over."""
