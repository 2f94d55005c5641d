"""Writes the first lines of a new policy, a new rule, a new pair of the order of creation."""
