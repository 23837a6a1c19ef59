"""Reading the audit trail: one's own part of it, who looked at a case, and what deserves a second look."""
