"""A flag in front of a person: what it says and rests on, and what that person decides. A question, never a finding."""
