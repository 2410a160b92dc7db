"""What people agree: meetings, minutes, agreements."""
