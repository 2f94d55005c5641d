"""AWS preflight: refuses at preview what AWS would refuse in the deployment.

`sdk` is for people who write a pack of their own; everything else is the pack and its command line.
"""
