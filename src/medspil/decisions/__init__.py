"""What the authority decides: basis, hearing, decision, complaint."""
