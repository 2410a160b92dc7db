"""The one case: threads, team, promises, voices, consent, timeline, and the door."""
