"""Documents inside strings: one module for the grammar of each."""
