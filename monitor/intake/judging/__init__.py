"""What becomes of each entry, the questions that stay open, and the words for both."""
