"""An officer's contacts with a person: logged in four fields, taken back at will, and which duty each one answers."""
