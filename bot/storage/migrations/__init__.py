"""How the tables became what they are: one revision a file, run forward only."""
