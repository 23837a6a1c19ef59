"""Calendars that people's own programs read (iCalendar, RFC 5545): court dates without a name, by a secret address."""
