"""Measures of the coordinated response by quarter: aggregates alone, drawn up once, never a named case."""
