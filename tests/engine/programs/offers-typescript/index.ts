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
new aws.elasticache.ReplicationGroup("cache", { description: "d", engineVersion: "5.0.4", nodeType: "cache.t3.small" });
new aws.elasticache.Cluster("large", { engine: "memcached", nodeType: "cache.t3.large", numCacheNodes: 1 });
new aws.docdb.Cluster("store", { engineVersion: "6.0.0", masterUsername: "app", skipFinalSnapshot: true });
new aws.neptune.Cluster("graph", { engineVersion: "1.1.0.0", skipFinalSnapshot: true });
new aws.opensearch.Domain("search", { engineVersion: "OpenSearch_2.4" });
new aws.mq.Broker("queue", {
    engineType: "RabbitMQ",
    engineVersion: "3.13.7",
    hostInstanceType: "mq.m5.large",
    users: [{ username: "app", password: "not-a-secret-12" }],
});
new aws.msk.Cluster("events", {
    kafkaVersion: "2.8.1",
    numberOfBrokerNodes: 2,
    brokerNodeGroupInfo: {
        instanceType: "kafka.m5.large",
        clientSubnets: ["subnet-1", "subnet-2"],
        securityGroups: ["sg-12345678"],
    },
});
new aws.redshift.Cluster("warehouse", {
    clusterIdentifier: "warehouse",
    nodeType: "dc2.large",
    skipFinalSnapshot: true,
});
new aws.rds.Cluster("serverless", { engine: "aurora-mysql", engineMode: "serverless", skipFinalSnapshot: true });
new aws.synthetics.Canary("probe", {
    name: "probe",
    artifactS3Location: "s3://probe/",
    executionRoleArn: role.arn,
    handler: "probe.handler",
    runtimeVersion: "syn-nodejs-puppeteer-7.0",
    s3Bucket: "probe",
    s3Key: "probe.zip",
    schedule: { expression: "rate(5 minutes)" },
});
new aws.kinesisanalyticsv2.Application("flow", { runtimeEnvironment: "FLINK-1_13", serviceExecutionRole: role.arn });
new aws.elasticbeanstalk.Environment("site", {
    application: "site",
    solutionStackName: "64bit Amazon Linux 2018.03 v2.12.2 running Docker 18.03.1-ce",
});
new aws.apprunner.Service("north", {
    region: "eu-north-1",
    serviceName: "north",
    sourceConfiguration: { imageRepository: { imageIdentifier: "i", imageRepositoryType: "ECR_PUBLIC" } },
});
