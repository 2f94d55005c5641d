import pulumi_aws as aws

aws.s3.Bucket("assets")
raise ValueError("no such environment: prod")
