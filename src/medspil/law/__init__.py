"""Dated rules and deadlines; pure Python."""
