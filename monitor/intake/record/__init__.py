"""The record on both sides of a file: what stands there before it, and how it is saved and taken back."""
