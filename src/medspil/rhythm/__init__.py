"""What is told by itself, and when."""
