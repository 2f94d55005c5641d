import pulumi
import pulumi_aws as aws

vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16")
bucket = aws.s3.Bucket("Assets")
document = aws.iam.get_policy_document_output(
    statements=[{"actions": ["s3:GetObject"], "resources": [bucket.arn.apply(lambda arn: f"{arn}/*")]}]
)
policy = aws.iam.Policy("read", policy=document.json)
certificate = aws.acm.Certificate("site", domain_name="example.com", validation_method="DNS")

pulumi.export("vpc", vpc.id)
pulumi.export("bucket", bucket.bucket)
pulumi.export("policy", policy.policy)
pulumi.export("record", certificate.domain_validation_options[0].resource_record_name)

west = aws.Provider("west", region="us-west-2")
queue = aws.sqs.Queue("far", opts=pulumi.ResourceOptions(provider=west))
found = aws.lb.TargetGroup.get(
    "found", "arn:aws:elasticloadbalancing:ap-southeast-1:123456789012:targetgroup/api/0123456789abcdef"
)
pulumi.export("queue", queue.arn)
pulumi.export("found", found.arn)
