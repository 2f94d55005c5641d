import pulumi

DATABASE = {"engine": "postgres", "dbInstanceClass": "db.t4g.small", "allocatedStorage": "100", "storageType": "gp3"}
ASSUMED = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "monitoring.rds.amazonaws.com"}}
CONTAINER = {"name": "app", "image": "nginx"}


def native(type_, name, inputs):
    return pulumi.CustomResource(f"aws-native:{type_}", name, inputs)


role = native("iam:Role", "good-role", {"assumeRolePolicyDocument": {"Statement": [ASSUMED]}})
native("iam:Role", "bad-role", {"assumeRolePolicyDocument": {"Statement": [{**ASSUMED, "Resource": "*"}]}})

native("rds:DbInstance", "good-database", {**DATABASE, "monitoringInterval": 60, "monitoringRoleArn": role.id})
native("rds:DbInstance", "restored-database", {**DATABASE, "iops": 12000, "dbSnapshotIdentifier": "nightly"})
native("rds:DbInstance", "bad-database", {**DATABASE, "iops": 12000})

native("ecs:TaskDefinition", "good-task", {"networkMode": "awsvpc", "containerDefinitions": [CONTAINER]})
native(
    "ecs:TaskDefinition",
    "bad-task",
    {"networkMode": "awsvpc", "containerDefinitions": [CONTAINER, {**CONTAINER, "name": "web", "links": ["app"]}]},
)

address = native("ec2:Eip", "address", {"domain": "vpc", "allocationId": None})  # an output: None lets it be known
gateway = {"subnetId": "subnet-0123", "allocationId": pulumi.get(address, "allocationId")}
native("ec2:NatGateway", "good-gateway", gateway)

letters = native("sqs:Queue", "good-letters", {"queueName": "letters.fifo", "fifoQueue": True, "arn": None})
redrive = {"deadLetterTargetArn": pulumi.get(letters, "arn"), "maxReceiveCount": 3}
native("sqs:Queue", "good-queue", {"queueName": "orders.fifo", "fifoQueue": True, "redrivePolicy": redrive})
