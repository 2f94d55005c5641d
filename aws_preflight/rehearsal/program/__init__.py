"""The user's program: what is read of it, how it is run on the simulated cloud, and what came out of that."""
