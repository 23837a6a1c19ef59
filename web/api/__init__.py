"""The API for programs: /api/v1. Each file brings its HANDLERS; docs/api.md tells how to use it."""
