// A package of components, served as published ones are.
const https = require("https");

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

// As the components of EKS do it.
function thumbprint(issuer) {
    return new Promise((resolve, reject) => {
        https.get(issuer, { agent: new https.Agent({ maxCachedSessions: 0 }) })
            .on("error", reject)
            .on("socket", socket => socket.on("secureConnect", () => socket.authorized
                ? resolve(socket.getPeerCertificate(true).fingerprint.replace(/:/g, "").toLowerCase())
                : reject(socket.authorizationError)));
    });
}

class Cluster extends pulumi.ComponentResource {
    constructor(name, inputs, opts) {
        super("parts:index:Cluster", name, {}, opts);
        new aws.iam.OpenIdConnectProvider(`${name}-issuer`, {
            clientIdLists: ["sts.amazonaws.com"],
            url: inputs.issuer,
            thumbprintLists: [pulumi.output(inputs.issuer).apply(thumbprint)],
        }, { parent: this });
        this.registerOutputs({});
    }
}

async function construct(name, type, inputs, opts) {
    if (type === "parts:index:Cluster") return { urn: new Cluster(name, inputs, opts).urn, state: {} };
    const site = new Site(name, inputs, opts);
    return { urn: site.urn, state: { url: site.url } };
}

async function call(token, inputs) {
    return { outputs: { result: pulumi.interpolate`/${inputs.path}` } };
}

pulumi.provider.main({ version: "1.2.3", construct, call }, process.argv.slice(2));
