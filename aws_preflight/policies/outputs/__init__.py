"""Searches all inputs of a resource for the traces of Outputs that a program turned into text.

`first_look` sees on the wire that most resources have none. `traces` walks through the others, `strings` finds what the
patterns of `fingerprints` match in one text. What is found is then weighed: `places` says what kind of place it stands
at, `proof` whether it proves anything there, `quotations` whether the text holds a trace or speaks of one. `fixes` says
what to write instead.
"""
