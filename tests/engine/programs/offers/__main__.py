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
aws.elasticache.ReplicationGroup("cache", description="d", engine_version="5.0.4", node_type="cache.t3.small")
aws.elasticache.Cluster("large", engine="memcached", node_type="cache.t3.large", num_cache_nodes=1)
aws.docdb.Cluster("store", engine_version="6.0.0", master_username="app", skip_final_snapshot=True)
aws.neptune.Cluster("graph", engine_version="1.1.0.0", skip_final_snapshot=True)
aws.opensearch.Domain("search", engine_version="OpenSearch_2.4")
aws.mq.Broker(
    "queue",
    engine_type="RabbitMQ",
    engine_version="3.13.7",
    host_instance_type="mq.m5.large",
    users=[{"username": "app", "password": "not-a-secret-12"}],
)
aws.msk.Cluster(
    "events",
    kafka_version="2.8.1",
    number_of_broker_nodes=2,
    broker_node_group_info={
        "instance_type": "kafka.m5.large",
        "client_subnets": ["subnet-1", "subnet-2"],
        "security_groups": ["sg-12345678"],
    },
)
aws.redshift.Cluster("warehouse", cluster_identifier="warehouse", node_type="dc2.large", skip_final_snapshot=True)
aws.rds.Cluster("serverless", engine="aurora-mysql", engine_mode="serverless", skip_final_snapshot=True)
aws.synthetics.Canary(
    "probe",
    name="probe",
    artifact_s3_location="s3://probe/",
    execution_role_arn=role.arn,
    handler="probe.handler",
    runtime_version="syn-nodejs-puppeteer-7.0",
    s3_bucket="probe",
    s3_key="probe.zip",
    schedule={"expression": "rate(5 minutes)"},
)
aws.kinesisanalyticsv2.Application("flow", runtime_environment="FLINK-1_13", service_execution_role=role.arn)
aws.elasticbeanstalk.Environment(
    "site",
    application="site",
    solution_stack_name="64bit Amazon Linux 2018.03 v2.12.2 running Docker 18.03.1-ce",
)
aws.apprunner.Service(
    "north",
    region="eu-north-1",
    service_name="north",
    source_configuration={"image_repository": {"image_identifier": "i", "image_repository_type": "ECR_PUBLIC"}},
)
