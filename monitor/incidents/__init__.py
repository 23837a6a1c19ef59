"""Calls and police reports about somebody under order: coded fields alone, filed, amended, and read by who may.

A report is a question to the office that supervises, never a finding: nothing here writes a flag, letter or warrant.
"""
