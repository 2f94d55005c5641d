import pulumi
import pulumi_aws as aws

role = aws.iam.Role("role", assume_role_policy="{}")
aws.rds.Cluster(
    "gone", engine="aurora-postgresql", engine_version="15.4", master_username="app", skip_final_snapshot=True
)
aws.rds.Cluster(
    "major", engine="aurora-postgresql", engine_version="15", master_username="app", skip_final_snapshot=True
)
aws.rds.Cluster("restored", engine="aurora-postgresql", engine_version="15.4", snapshot_identifier="before")
aws.rds.ClusterInstance("small", cluster_identifier="c", engine="aurora-mysql", instance_class="db.t3.micro")
aws.lambda_.Function(
    "ended",
    runtime="nodejs12.x",
    handler="index.handler",
    role=role.arn,
    code=pulumi.AssetArchive({"index.js": pulumi.StringAsset("//")}),
)
aws.eks.Cluster("old", role_arn=role.arn, version="1.24", vpc_config={"subnet_ids": ["subnet-1", "subnet-2"]})
aws.dms.ReplicationInstance(
    "copy", replication_instance_id="copy", replication_instance_class="dms.t3.micro", engine_version="3.4.7"
)
aws.iam.RolePolicyAttachment("path", role=role.name, policy_arn="arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole")
aws.cfg.Rule("rule", source={"owner": "AWS", "source_identifier": "MULTI_REGION_CLOUDTRAIL_ENABLED"})
