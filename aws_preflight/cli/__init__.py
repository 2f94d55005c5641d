"""The command line `aws-preflight`: the room on top, which uses all others and is used by none."""
