import pulumi
import pulumi_aws as aws

network = pulumi.StackReference("acme/network/prod")
shared = pulumi.StackReference(f"{pulumi.get_organization()}/shared/{pulumi.get_stack()}")

group = aws.ec2.SecurityGroup("group", vpc_id=network.require_output("vpcId"))
subnets = aws.rds.SubnetGroup("subnets", subnet_ids=network.get_output("subnetIds"))
aws.acm.Certificate("certificate", domain_name=shared.require_output("domainName"), validation_method="DNS")

pulumi.export("vpc", group.vpc_id)
pulumi.export("subnets", subnets.subnet_ids)
