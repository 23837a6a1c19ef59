"""The clock: one file per job, one schedule. APScheduler wakes; the database decides whether anything happens."""
