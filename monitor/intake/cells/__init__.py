"""What single cells say: dates, statuses, names, column headers, lines above the table."""
