"""Guard, clock, form bits; stays small."""
