"""From the record to the rules and back: frames in, spans out, flags kept for a person to review."""
