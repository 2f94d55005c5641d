import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

class Site extends pulumi.ComponentResource {
    public readonly url!: pulumi.Output<string>;

    constructor(name: string, domain: pulumi.Input<string>) {
        super("parts:index:Site", name, { domain, url: undefined }, undefined, true);
    }

    public page(path: string): pulumi.Output<string> {
        const answer: pulumi.Output<{ result: string }> = pulumi.runtime.call(
            "parts:index:Site/page", { __self__: this, path }, this);
        return answer.result;
    }
}

const zone = new aws.route53.Zone("zone", { name: "acme-shop.io" });
const site = new Site("site", pulumi.interpolate`payments-api.blue.staging.eu-central-1.internal.platform.${zone.name}`);
new aws.ssm.Parameter("page", { type: "String", name: site.page("start"), value: "x" });
