"""A simulated AWS that the real Pulumi engine deploys to: the whole program runs, and nothing is created."""
