"""What people see; no models, no writes."""
