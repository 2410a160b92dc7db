"""Medspil: one case, one promise, two voices, one gap."""

__version__ = "0.1.0"
