"""The doors people use: one screen one file, templates, static files, the JSON API."""
