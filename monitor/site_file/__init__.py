"""Who takes part: agencies, courts, programs and their policies, from one file of the site's own (docs/operate.md)."""
