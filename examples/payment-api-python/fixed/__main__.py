"""The payment API in the account's default VPC."""

import pulumi
import pulumi_aws as aws
from payment_service import PaymentService

config = pulumi.Config()
suffix = config.require("environmentSuffix")

vpc = aws.ec2.DefaultVpc(f"vpc-{suffix}")
zones = aws.get_availability_zones_output(
    state="available", filters=[{"name": "opt-in-status", "values": ["opt-in-not-required"]}]
)
subnets = [aws.ec2.DefaultSubnet(f"subnet-{zone}-{suffix}", availability_zone=zones.names[zone]) for zone in range(2)]

security_group = aws.ec2.SecurityGroup(
    f"alb-sg-{suffix}",
    description="Payment API load balancer",
    vpc_id=vpc.id,
    ingress=[
        {"protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_blocks": ["0.0.0.0/0"]},
    ],
    egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}],
)
alb = aws.lb.LoadBalancer(
    f"alb-{suffix}",
    name=f"payment-api-alb-{suffix}",
    load_balancer_type="application",
    security_groups=[security_group.id],
    subnets=[subnet.id for subnet in subnets],
)
target_group = aws.lb.TargetGroup(
    f"tg-{suffix}",
    name=f"payment-api-tg-{suffix}",
    vpc_id=vpc.id,
    target_type="ip",
    protocol="HTTP",
    port=80,
)
listener = aws.lb.Listener(
    f"http-listener-{suffix}",
    load_balancer_arn=alb.arn,
    protocol="HTTP",
    port=80,
    default_actions=[{"type": "forward", "target_group_arn": target_group.arn}],
)

service = PaymentService(
    "payment-service",
    suffix=suffix,
    image=config.require("image"),
    vpc_id=vpc.id,
    subnet_ids=[subnet.id for subnet in subnets],
    load_balancer_security_group_id=security_group.id,
    target_group_arn=target_group.arn,
    listener=listener,
)

pulumi.export("alb_dns_name", alb.dns_name)
pulumi.export("service_name", service.service_name)
