import json

import pulumi
import pulumi_aws as aws

TRUST = json.dumps(
    {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]}
)


def build(name: str, wait: bool) -> None:
    """Four resources that need another one first; where `wait` is set they wait for it."""

    def after(*needed: pulumi.Resource) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(depends_on=list(needed) if wait else [])

    role = aws.iam.Role(f"role-{name}", assume_role_policy=TRUST)
    rights = aws.iam.RolePolicyAttachment(
        f"rights-{name}",
        role=role.name,
        policy_arn="arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole",
    )
    function = aws.lambda_.Function(
        f"function-{name}",
        role=role.arn,
        runtime="python3.13",
        handler="app.handler",
        s3_bucket="artifacts",
        s3_key="app.zip",
    )

    # Nothing waits for more: a tie.
    bucket = aws.s3.Bucket(f"bucket-{name}")
    permission = aws.lambda_.Permission(
        f"permission-{name}",
        action="lambda:InvokeFunction",
        function=function.name,
        principal="s3.amazonaws.com",
        source_arn=bucket.arn,
    )
    aws.s3.BucketNotification(
        f"notification-{name}",
        bucket=bucket.id,
        lambda_functions=[{"lambda_function_arn": function.arn, "events": ["s3:ObjectCreated:*"]}],
        opts=after(permission),
    )

    # The provider repeats the refused call: a race.
    queue = aws.sqs.Queue(f"queue-{name}")
    aws.lambda_.EventSourceMapping(
        f"mapping-{name}", event_source_arn=queue.arn, function_name=function.arn, opts=after(rights)
    )

    # The gateway has a head start: the load balancer waits for the subnet.
    vpc = aws.ec2.Vpc(f"vpc-{name}", cidr_block="10.0.0.0/16")
    subnets = [aws.ec2.Subnet(f"subnet-{name}-{i}", vpc_id=vpc.id, cidr_block=f"10.0.{i}.0/24") for i in (0, 1)]
    gateway = aws.ec2.InternetGateway(f"gateway-{name}", vpc_id=vpc.id)
    aws.lb.LoadBalancer(f"lb-{name}", subnets=[subnet.id for subnet in subnets], opts=after(gateway))

    # The method waits for the path, the deployment does not: it comes too early.
    api = aws.apigateway.RestApi(f"api-{name}")
    path = aws.apigateway.Resource(f"path-{name}", rest_api=api.id, parent_id=api.root_resource_id, path_part="orders")
    method = aws.apigateway.Method(
        f"method-{name}", rest_api=api.id, resource_id=path.id, http_method="GET", authorization="NONE"
    )
    aws.apigateway.Deployment(f"deployment-{name}", rest_api=api.id, opts=after(method))


build("hasty", wait=False)
build("patient", wait=True)
