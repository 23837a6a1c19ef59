"""Worked cases in YAML: read, validated, run through the engine and compared flag by flag."""
