import base64
import json

import pulumi
import pulumi_aws as aws

bucket = aws.s3.Bucket("logs")
other = aws.s3.Bucket("other")
SCRIPT = "#!/bin/sh\naws s3 cp s3://{0}/app .\n"


def statement(resource):
    return {"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource}


def broken():
    aws.ssm.Parameter(f"named-{bucket.bucket}", type="String", value="x")
    aws.s3.Bucket("f-string", tags={"Source": f"from-{bucket.bucket}", "Team": "shop"})
    document = {"Version": "2012-10-17", "Statement": [statement("*"), statement([f"{bucket.arn}/*"])]}
    aws.iam.Policy("json", policy=json.dumps(document))
    aws.iam.Policy("default", policy=json.dumps({"Statement": [statement(bucket.arn)]}, default=str))
    aws.ssm.Parameter("list", type="String", value=f"{[bucket.bucket, other.bucket]}")
    aws.ssm.Parameter("resource", type="String", value=f"s3://{bucket}/x")
    aws.ssm.Parameter("bytes", type="String", value=f"{base64.b64encode(b'text')}")
    aws.ec2.LaunchTemplate("encoded", user_data=base64.b64encode(SCRIPT.format(bucket.bucket).encode()).decode())
    aws.s3.Bucket("forgotten", bucket="logs-{bucket.bucket}")


def mended():
    aws.ssm.Parameter("named", type="String", value="x")
    aws.s3.Bucket("f-string", tags={"Source": pulumi.Output.concat("from-", bucket.bucket), "Team": "shop"})
    document = {
        "Version": "2012-10-17",
        "Statement": [statement("*"), statement([pulumi.Output.concat(bucket.arn, "/*")])],
    }
    aws.iam.Policy("json", policy=pulumi.Output.json_dumps(document))
    aws.iam.Policy("default", policy=pulumi.Output.json_dumps({"Statement": [statement(bucket.arn)]}))
    aws.ssm.Parameter("list", type="String", value=pulumi.Output.all(bucket.bucket, other.bucket).apply(",".join))
    aws.ssm.Parameter("resource", type="String", value=pulumi.Output.concat("s3://", bucket.bucket, "/x"))
    aws.ssm.Parameter("bytes", type="String", value=base64.b64encode(b"text").decode())
    aws.ec2.LaunchTemplate(
        "encoded",
        user_data=pulumi.Output.format(SCRIPT, bucket.bucket).apply(
            lambda text: base64.b64encode(text.encode()).decode()
        ),
    )
    aws.s3.Bucket("forgotten", bucket=pulumi.Output.concat("logs-", bucket.bucket))


if pulumi.Config().get_bool("mended"):
    mended()
else:
    broken()
