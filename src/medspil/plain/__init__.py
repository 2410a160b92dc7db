"""Plain language, measured; pure Python."""
