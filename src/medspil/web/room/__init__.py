"""The meeting room: one screen that several write on at once."""
