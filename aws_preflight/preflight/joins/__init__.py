"""Rules about resources that do not go together: conditions that ask other resources of the stack.

docs/joins.md describes them.
"""
