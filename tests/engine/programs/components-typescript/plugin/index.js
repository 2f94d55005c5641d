// A package of components, served as published ones are.
const aws = require("@pulumi/aws");
const pulumi = require("@pulumi/pulumi");

class Site extends pulumi.ComponentResource {
    constructor(name, inputs, opts) {
        super("parts:index:Site", name, {}, opts);
        const certificate = new aws.acm.Certificate(
            `${name}-certificate`, { domainName: inputs.domain, validationMethod: "DNS" }, { parent: this });
        this.url = pulumi.interpolate`https://${certificate.domainName}`;
        this.registerOutputs({ url: this.url });
    }
}

async function construct(name, type, inputs, opts) {
    const site = new Site(name, inputs, opts);
    return { urn: site.urn, state: { url: site.url } };
}

async function call(token, inputs) {
    return { outputs: { result: pulumi.interpolate`/${inputs.path}` } };
}

pulumi.provider.main({ version: "1.2.3", construct, call }, process.argv.slice(2));
