"""One thin client a file for everything outside, each with a verified fake."""
