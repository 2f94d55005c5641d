import * as aws from "@pulumi/aws";

const bucket = new aws.s3.Bucket("uploads");
const matchers: [string, object][] = [["starts", { startsWith: "in/" }], ["prefixed", { prefix: "in/" }]];
for (const [name, matcher] of matchers) {
    const pattern = { source: ["aws.s3"], detail: { object: { key: [matcher] } } };
    new aws.cloudwatch.EventRule(name, { eventPattern: JSON.stringify(pattern) });
}
const named = bucket.id.apply((name) => JSON.stringify({ detail: { bucket: { name: [{ prefx: name }] } } }));
new aws.cloudwatch.EventRule("not-known-yet", { eventPattern: named });

const step = { name: "wait", action: "aws:sleep", inputs: { Duration: "{{ Pause }}" } };
const declared: [string, object][] = [["undeclared", {}], ["declared", { Pause: { type: "String" } }]];
for (const [name, parameters] of declared) {
    const content = { schemaVersion: "0.3", parameters, mainSteps: [step] };
    new aws.ssm.Document(name, { documentType: "Automation", content: JSON.stringify(content) });
}
