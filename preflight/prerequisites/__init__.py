"""What must exist before which resource: a table, and where a stack breaks a row of it.

A row says: X (the consumer) fails, or goes wrong, unless S (the needed resource) is there first, and nothing in the
inputs of X names S. Mostly both hang on a third resource, the hub: the notification and the permission on one function,
the deployment and the method on one API. `rows.json` is the table, docs/prerequisites.md describes its language and
lists its rows.

`table` reads the rows, `conditions` are what they may ask, `search` finds where a stack breaks one, `report` words it.
What counts as waiting is in `preflight.graph`, who wins the race in `preflight.ordering`.
"""
