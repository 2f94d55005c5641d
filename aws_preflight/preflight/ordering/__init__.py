"""What must exist before which resource: where a stack breaks a rule of that, and what is said about it.

A rule says: X (the consumer) fails, or goes wrong, unless S (the needed resource) is there first, and nothing in the
inputs of X names S. Mostly both hang on a third resource, the hub: the notification and the permission on one function,
the deployment and the method on one API. docs/ordering.md describes how rules are written.

`ordering_rule` is a rule, `stack_conditions` what it may ask, in the language of `preflight.rules`, `chains` and
`links` find what belongs together, `broken` where a stack breaks a rule, `wording` says it, `ordering_policy` makes a
policy of a rule. What counts as waiting is in `preflight.graph`, who wins the race in `timing`, the line that mends it
in `dependency`.
"""
