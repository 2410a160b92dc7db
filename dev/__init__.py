"""The workshop: what stands behind `python3 dev.py`. Modules imported there use the standard library only."""
