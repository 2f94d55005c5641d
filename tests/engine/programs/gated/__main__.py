import os

import pulumi
import pulumi_aws as aws

network = pulumi.StackReference("organization/network/prod")
if os.environ.get("RAISE"):
    raise ValueError("no such environment: prod")

aws.acm.Certificate("configured", domain_name=pulumi.Config().require("domain"), validation_method="DNS")
aws.acm.Certificate("referred", domain_name=network.require_output("domain"), validation_method="DNS")
aws.acm.Certificate("line\u0085break", domain_name=pulumi.Config().require("domain"), validation_method="DNS")
