"""What needs the officer now, in the order in which it presses. A work list, not charts."""
