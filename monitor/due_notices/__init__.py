"""What victim/witness staff have to tell: due from court events alone, answered in codes, read by no other office."""
