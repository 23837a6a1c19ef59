"""From reviewed flags to what the court says: a report drafted, approved by a second person, contested, answered."""
