import pulumi
import pulumi_aws as aws

LONG = "payments-api.blue.staging.eu-central-1.internal.platform.example.com"

aws.acm.Certificate("long", domain_name=LONG, validation_method="DNS")
aws.acm.Certificate("long-second", domain_name="example.com", subject_alternative_names=[LONG], validation_method="DNS")
aws.acm.Certificate("owned", domain_name="d111111abcdef8.cloudfront.net", validation_method="DNS")
aws.acm.Certificate("secret", domain_name=pulumi.Output.secret(LONG), validation_method="DNS")
pulumi.CustomResource("aws-native:certificatemanager:Certificate", "native", {"domainName": LONG})

alb = aws.lb.LoadBalancer("web", load_balancer_type="application", internal=True, subnets=["a", "b"])
aws.acm.Certificate("named", domain_name=pulumi.Output.concat(alb.name, ".example.com"), validation_method="DNS")
