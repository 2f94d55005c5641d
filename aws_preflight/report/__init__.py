"""Results of policies for people and CI systems: read from the engine's events, written in the formats they know."""
