"""A dress rehearsal: the whole program runs with the real Pulumi engine, on a simulated AWS, and nothing is created."""
