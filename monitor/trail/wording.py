"""What each event of the audit trail is called on a page. A house test holds it against the policy table."""

from __future__ import annotations

from typing import Final

EVENTS: Final = {
    "absence.decided": "Decided on an absence",
    "absence.read": "Looked at an absence",
    "account.locked": "Used up the tries: the password or code is locked",
    "account.mass_lock": "Very many accounts were locked within minutes",
    "administration.read": "Looked at accounts and jobs",
    "audit.agency_read": "Looked at this agency's trail",
    "audit.case_read": "Looked at who had looked at a case",
    "audit.look_back": "Looked at the weekly look-back",
    "audit.own_read": "Looked at their own trail",
    "authenticator.changed": "Connected another authenticator app",
    "caseload.read": "Looked at the caseload",
    "caseload.search": "Searched the caseload",
    "database.copied": "Copied the database",
    "docket.read": "Looked at a docket",
    "flag.contested": "Marked a flag as contested",
    "flag.evaluated": "Had the rules evaluated, on the command line",
    "flag.read": "Looked at a flag",
    "flag.reviewed": "Decided on a flag",
    "hearing.read": "Looked at a case before its hearing",
    "hearing.replayed": "Looked at what changed since a hearing",
    "ledger.read": "Looked at a person's ledger",
    "notice.list": "Looked at their notices",
    "notice.read": "Marked a notice as read",
    "packet.taken": "Kept a bench page for a hearing",
    "passkey.added": "Added a passkey",
    "passkey.cloned": "A passkey answered with a count from the past: it may exist twice",
    "passkey.removed": "Removed a passkey",
    "passkey.renamed": "Renamed a passkey",
    "password.changed": "Changed the password",
    "person.read": "Looked at a person",
    "recovery_codes.made": "Made new recovery codes",
    "review.undone": "Took a decision on a flag back",
    "rules.backtest": "Tried other rules on the record",
    "session.closed": "Signed out",
    "session.code_refused": "Gave a code that did not fit",
    "session.ended": "Ended another session of their own",
    "session.locked": "Was locked out after too many tries",
    "session.opened": "Signed in",
    "session.others_ended": "Ended all their other sessions",
    "session.passkey_refused": "Gave a passkey that did not fit",
    "session.password_given": "Gave the password",
    "session.refused": "Gave a password that did not fit",
    "session.role_switched": "Changed to another role of their own",
    "session.screen_locked": "Locked the screen",
    "session.set_up": "Set up the account",
    "session.sign_on_given": "Came from the agency's sign-on, which showed one factor",
    "session.sign_on_refused": "Came from the agency's sign-on, which did not fit",
    "session.step_up": "Confirmed with a fresh code or passkey",
    "session.step_up_refused": "Gave a code that did not confirm it",
    "session.unlock_refused": "Gave a password that did not unlock the screen",
    "session.unlocked": "Unlocked the screen",
    "sign_on.connected": "Connected the agency's sign-on",
    "today.read": "Looked at what is due today",
    "upload.answer": "Answered questions on a sheet",
    "upload.create": "Brought in a sheet",
    "upload.delete": "Discarded a sheet",
    "upload.export": "Took out the rows with problems",
    "upload.imported": "Brought in a sheet, on the command line",
    "upload.list": "Looked at the sheets",
    "upload.read": "Looked at a sheet",
    "upload.save": "Saved a sheet",
    "upload.undo": "Took a sheet back",
    "user.added": "Added an account",
    "user.disabled": "Disabled an account",
    "user.disabled_ended": "The account ended on its last day",
    "user.disabled_inactive": "The account was disabled: nobody had signed in for 90 days",
    "user.released": "Opened a locked account",
    "user.reset": "Reset an account",
    "user.role_granted": "Gave an account one more role",
    "user.sessions_ended": "Signed somebody out everywhere",
}
OUTCOMES: Final = {
    "done": "",
    "denied": "not allowed",
    "absent": "nothing was shown",
    "failed": "something went wrong, nothing was saved",
}
# looks at what is kept about a named person: these are held against assignments
LOOKS: Final = frozenset({
    "absence.read", "flag.read", "hearing.read", "hearing.replayed", "ledger.read", "person.read",
})  # fmt: skip


def event_in_words(event: str) -> str:
    """What happened, as a page says it."""
    return EVENTS.get(event, event.replace(".", " ").replace("_", " ").capitalize())
