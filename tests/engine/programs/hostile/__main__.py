import pulumi_aws as aws

LONG = "payments-api.blue.staging.eu-central-1.internal.platform.example.com"

aws.acm.Certificate("[bold red]\x1b[31m\u202elive[/]", domain_name=LONG, validation_method="DNS")
