"""What is tried against a gap, and when to look again."""
