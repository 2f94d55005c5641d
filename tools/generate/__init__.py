"""Writes what is made from something else: the compiled rules, the pages, the schema of the simulated AWS."""
