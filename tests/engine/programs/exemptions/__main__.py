import pulumi
import pulumi_aws as aws

LONG = "payments-api.blue.staging.eu-central-1.internal.platform.example.com"

aws.acm.Certificate("accepted", domain_name=LONG, validation_method="DNS")
aws.acm.Certificate("late", domain_name=LONG, validation_method="DNS")
aws.acm.Certificate("secret", domain_name=pulumi.Output.secret(LONG), validation_method="DNS")

# Unknown in a preview, and made from two resources: nobody can tell yet what name it will be.
alb = aws.lb.LoadBalancer("web", load_balancer_type="application", internal=True, subnets=["a", "b"])
queue = aws.sqs.Queue("queue")
name = pulumi.Output.all(alb.arn, queue.arn).apply(lambda arns: f"n{len(arns)}.example.com")
aws.acm.Certificate("unknown", domain_name=name, validation_method="DNS")
