"""The policy pack: `pulumi preview --policy-pack` runs this file."""

from aws_preflight.policies import POLICIES
from aws_preflight.preflight.crossguard import serve

if __name__ == "__main__":
    serve(POLICIES)
