"""The policy pack: `pulumi preview --policy-pack` runs this file."""

from policies import POLICIES
from preflight.crossguard import serve

if __name__ == "__main__":
    serve(POLICIES)
