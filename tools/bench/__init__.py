"""Measures what the pack and a rehearsal cost, always beside a floor in the same run."""
