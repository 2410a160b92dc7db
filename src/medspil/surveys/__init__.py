"""Instruments, token pools and answers that nobody can lead back."""
