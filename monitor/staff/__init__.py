"""The people who work at a site: their accounts as an administrator asks for them, hands them over and looks at them.

Nothing here is done alone that gives somebody eyes: a role and a new password take a second person (safeguard D7).
"""
