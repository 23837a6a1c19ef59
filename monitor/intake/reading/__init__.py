"""Bytes of a stranger's file into tables of text. Nothing here knows what attendance is.

The parsers run in a child process (`jail`, `worker`) that has no environment, no network and no further files.
Only `jail.read_file` is for callers.
"""
