"""The nine kinds of duty, a file each: pure functions from prepared facts and resolved rules to pieces of spans."""
