import pulumi
import pulumi_aws as aws


class Site(pulumi.ComponentResource):
    url: pulumi.Output[str]

    def __init__(self, name: str, domain: pulumi.Input[str]):
        super().__init__("parts:index:Site", name, {"domain": domain, "url": None}, None, remote=True)


zone = aws.route53.Zone("zone", name="acme-shop.io")
site = Site("site", pulumi.Output.format("payments-api.blue.staging.eu-central-1.internal.platform.{0}", zone.name))
aws.ssm.Parameter("url", type="String", value=site.url)
