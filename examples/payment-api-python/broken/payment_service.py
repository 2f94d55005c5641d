import json

import pulumi
import pulumi_aws as aws


class PaymentService(pulumi.ComponentResource):
    """The API as a Fargate service: two tasks, registered in the load balancer's target group."""

    def __init__(
        self,
        name: str,
        *,
        suffix: str,
        image: str,
        vpc_id: pulumi.Input[str],
        subnet_ids: list[pulumi.Input[str]],
        load_balancer_security_group_id: pulumi.Input[str],
        target_group_arn: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("payment-api:index:PaymentService", name, {}, opts)

        security_group = aws.ec2.SecurityGroup(
            f"service-sg-{suffix}",
            description="Payment API tasks",
            vpc_id=vpc_id,
            ingress=[
                {
                    "protocol": "tcp",
                    "from_port": 80,
                    "to_port": 80,
                    "security_groups": [load_balancer_security_group_id],
                }
            ],
            egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}],
            opts=pulumi.ResourceOptions(parent=self),
        )

        log_group = aws.cloudwatch.LogGroup(
            f"logs-{suffix}",
            name=f"/ecs/payment-api-{suffix}",
            retention_in_days=30,
            opts=pulumi.ResourceOptions(parent=self),
        )

        cluster = aws.ecs.Cluster(
            f"cluster-{suffix}", name=f"payment-api-{suffix}", opts=pulumi.ResourceOptions(parent=self)
        )

        execution_role = aws.iam.Role(
            f"execution-role-{suffix}",
            assume_role_policy=json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                        }
                    ],
                }
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        execution_policy = aws.iam.RolePolicyAttachment(
            f"execution-policy-{suffix}",
            role=execution_role.name,
            policy_arn=aws.iam.ManagedPolicy.AMAZON_ECS_TASK_EXECUTION_ROLE_POLICY,
            opts=pulumi.ResourceOptions(parent=self),
        )

        task_definition = aws.ecs.TaskDefinition(
            f"task-{suffix}",
            family=f"payment-api-{suffix}",
            requires_compatibilities=["FARGATE"],
            network_mode="awsvpc",
            cpu="256",
            memory="512",
            execution_role_arn=execution_role.arn,
            container_definitions=json.dumps(
                [
                    {
                        "name": "payment-api",
                        "image": image,
                        "essential": True,
                        "portMappings": [{"containerPort": 80, "protocol": "tcp"}],
                        "logConfiguration": {
                            "logDriver": "awslogs",
                            "options": {
                                "awslogs-group": f"{log_group.name}",
                                "awslogs-region": aws.config.region,
                                "awslogs-stream-prefix": "ecs",
                            },
                        },
                    }
                ]
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[log_group, execution_policy]),
        )

        service = aws.ecs.Service(
            f"service-{suffix}",
            name=f"payment-api-{suffix}",
            cluster=cluster.arn,
            task_definition=task_definition.arn,
            launch_type="FARGATE",
            desired_count=2,
            network_configuration={
                "subnets": subnet_ids,
                "security_groups": [security_group.id],
                "assign_public_ip": True,
            },
            load_balancers=[
                {"target_group_arn": target_group_arn, "container_name": "payment-api", "container_port": 80}
            ],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[task_definition]),
        )

        self.service_name = service.name
        self.register_outputs({"service_name": self.service_name})
