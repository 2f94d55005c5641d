"""What every policy stands on: plain values, the stack graph, findings, the declaration of a policy, the protocol."""

PACK_NAME = "aws-preflight"
PACK_VERSION = "0.1.0"
