"""The demo county: synthetic people only (safeguard B12)."""
