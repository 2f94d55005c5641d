"""Records what the engine sends and reports, to be used again without it."""
