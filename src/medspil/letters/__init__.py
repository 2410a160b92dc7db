"""Everything written to a person: texts, channel, outbox."""
