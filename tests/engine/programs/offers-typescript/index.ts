import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const role = new aws.iam.Role("role", { assumeRolePolicy: "{}" });
const database = { engine: "aurora-postgresql", masterUsername: "app" };
new aws.rds.Cluster("gone", { ...database, engineVersion: "15.4" });
new aws.rds.Cluster("major", { ...database, engineVersion: "15" });
new aws.rds.Cluster("restored", { engine: "aurora-postgresql", engineVersion: "15.4", snapshotIdentifier: "before" });
new aws.rds.ClusterInstance("small", { clusterIdentifier: "c", engine: "aurora-mysql", instanceClass: "db.t3.micro" });
new aws.lambda.Function("ended", {
    runtime: "nodejs12.x",
    handler: "index.handler",
    role: role.arn,
    code: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset("//") }),
});
new aws.eks.Cluster("old", { roleArn: role.arn, version: "1.24", vpcConfig: { subnetIds: ["subnet-1", "subnet-2"] } });
new aws.dms.ReplicationInstance("copy", {
    replicationInstanceId: "copy",
    replicationInstanceClass: "dms.t3.micro",
    engineVersion: "3.4.7",
});
new aws.iam.RolePolicyAttachment("path", {
    role: role.name,
    policyArn: "arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole",
});
new aws.cfg.Rule("rule", { source: { owner: "AWS", sourceIdentifier: "MULTI_REGION_CLOUDTRAIL_ENABLED" } });
