"""What must exist before which resource: where a stack breaks a rule of that, and what is said about it.

A row says: X (the consumer) fails, or goes wrong, unless S (the needed resource) is there first, and nothing in the
inputs of X names S. Mostly both hang on a third resource, the hub: the notification and the permission on one function,
the deployment and the method on one API. docs/ordering.md describes the language of the rows.

`table` reads the rows, `row_conditions` are what they may ask, `chains` and `links` find what belongs together,
`broken` where a stack breaks a row, `wording` says it, `row_policy` makes a policy of a row. What counts as waiting is
in `preflight.graph`, who wins the race in `timing`, the line that mends it in `dependency`.
"""
