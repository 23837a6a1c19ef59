"""The commands of `monitor`, one noun a file."""
