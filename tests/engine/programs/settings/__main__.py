import json
import os

import pulumi
import pulumi_aws as aws

config = pulumi.Config()
database = config.require_object("database")

aws.acm.Certificate("certificate", domain_name=config.require("domain"), validation_method="DNS")
aws.sqs.Queue("queue", delay_seconds=config.require_int("size"), tags={"name": database["name"]})
aws.ssm.Parameter("key", type="SecureString", value=config.require_secret("apiKey"))
aws.ssm.Parameter("token", type="SecureString", value=config.require_secret("token"))

seen = sorted(name for name in os.environ if name.startswith(("AWS_", "PULUMI_")))
pulumi.export("seen", json.dumps({"environment": seen, "password": database["password"], "key": config.get("apiKey")}))
