"""Notices of corrections: word to everybody who was told of a flag that no longer holds as told (safeguard F8)."""

from monitor.notices.inbox import Inbox, Line, inbox, mark_read, unread
from monitor.notices.writing import write_notices

__all__ = ["Inbox", "Line", "inbox", "mark_read", "unread", "write_notices"]
