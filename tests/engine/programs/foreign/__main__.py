import pulumi
import pulumi_aws as aws


class Foreign(pulumi.CustomResource):
    output: pulumi.Output[str]

    def __init__(self, type_: str, name: str, opts: pulumi.ResourceOptions | None = None):
        super().__init__(type_, name, {"size": 3, "output": None}, opts)


one = Foreign("colour:index:Paint", "paint")
two = Foreign("weather:index:Rain", "rain", pulumi.ResourceOptions(depends_on=[one]))
bundled = Foreign("bundled:index:Thing", "thing")

aws.acm.Certificate(
    "certificate",
    domain_name=two.id.apply(lambda _: "payments-api.blue.staging.eu-central-1.internal.platform.example.com"),
    validation_method="DNS",
    opts=pulumi.ResourceOptions(depends_on=[bundled]),
)
