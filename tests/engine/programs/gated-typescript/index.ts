import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const network = new pulumi.StackReference("organization/network/prod");
if (process.env.RAISE) {
    throw new Error("no such environment: prod");
}
const domain = new pulumi.Config().require("domain");

new aws.acm.Certificate("configured", { domainName: domain, validationMethod: "DNS" });
new aws.acm.Certificate("referred", { domainName: network.requireOutput("domain"), validationMethod: "DNS" });
new aws.acm.Certificate("line\u0085break", { domainName: domain, validationMethod: "DNS" });
