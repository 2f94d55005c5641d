import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

import { DataStack } from '../components/data-stack';
import { NetworkStack } from '../components/network-stack';

export interface EcsStackArgs {
  environmentSuffix: string;
  network: NetworkStack;
  data: DataStack;
  albSecurityGroupId: pulumi.Input<string>;
  albListener: aws.lb.Listener;
  targetGroupArn: pulumi.Input<string>;
  image: string;
  containerPort: number;
  tags: Record<string, string>;
}

/** The API itself: two Fargate tasks in the private subnets, registered in the load balancer's target group. */
export class EcsStack extends pulumi.ComponentResource {
  public readonly clusterName: pulumi.Output<string>;
  public readonly serviceName: pulumi.Output<string>;

  constructor(name: string, args: EcsStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super('payment-api:ecs:EcsStack', name, {}, opts);

    const securityGroup = new aws.ec2.SecurityGroup(
      `service-sg-${args.environmentSuffix}`,
      {
        description: 'Payment API tasks',
        vpcId: args.network.vpcId,
        ingress: [
          {
            protocol: 'tcp',
            fromPort: args.containerPort,
            toPort: args.containerPort,
            securityGroups: [args.albSecurityGroupId],
          },
        ],
        egress: [{ protocol: '-1', fromPort: 0, toPort: 0, cidrBlocks: ['0.0.0.0/0'] }],
        tags: { ...args.tags, Name: `payment-api-service-${args.environmentSuffix}` },
      },
      { parent: this }
    );

    const logGroup = new aws.cloudwatch.LogGroup(
      `logs-${args.environmentSuffix}`,
      {
        name: `/ecs/payment-api-${args.environmentSuffix}`,
        retentionInDays: 30,
        tags: args.tags,
      },
      { parent: this }
    );

    const cluster = new aws.ecs.Cluster(
      `cluster-${args.environmentSuffix}`,
      {
        name: `payment-api-${args.environmentSuffix}`,
        settings: [{ name: 'containerInsights', value: 'enabled' }],
        tags: args.tags,
      },
      { parent: this }
    );

    const assumeRolePolicy = aws.iam.assumeRolePolicyForPrincipal({ Service: 'ecs-tasks.amazonaws.com' });

    // What ECS needs to start a task: pull the image, write the log, read the secret.
    const executionRole = new aws.iam.Role(
      `execution-role-${args.environmentSuffix}`,
      { assumeRolePolicy, tags: args.tags },
      { parent: this }
    );
    const executionPolicy = new aws.iam.RolePolicyAttachment(
      `execution-policy-${args.environmentSuffix}`,
      { role: executionRole.name, policyArn: aws.iam.ManagedPolicy.AmazonECSTaskExecutionRolePolicy },
      { parent: this }
    );
    const secretsPolicy = new aws.iam.RolePolicy(
      `secrets-policy-${args.environmentSuffix}`,
      {
        role: executionRole.id,
        policy: pulumi.jsonStringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'ssm:GetParameters', Resource: args.data.processorKey.arn }],
        }),
      },
      { parent: this }
    );

    // What the API itself may do.
    const taskRole = new aws.iam.Role(
      `task-role-${args.environmentSuffix}`,
      { assumeRolePolicy, tags: args.tags },
      { parent: this }
    );
    const ledgerPolicy = new aws.iam.RolePolicy(
      `ledger-policy-${args.environmentSuffix}`,
      {
        role: taskRole.id,
        policy: pulumi.jsonStringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
              Resource: args.data.table.arn,
            },
          ],
        }),
      },
      { parent: this }
    );

    const taskDefinition = new aws.ecs.TaskDefinition(
      `task-${args.environmentSuffix}`,
      {
        family: `payment-api-${args.environmentSuffix}`,
        requiresCompatibilities: ['FARGATE'],
        networkMode: 'awsvpc',
        cpu: '512',
        memory: '1024',
        executionRoleArn: executionRole.arn,
        taskRoleArn: taskRole.arn,
        containerDefinitions: JSON.stringify([
          {
            name: 'payment-api',
            image: args.image,
            essential: true,
            portMappings: [{ containerPort: args.containerPort, protocol: 'tcp' }],
            environment: [
              { name: 'ENVIRONMENT', value: args.environmentSuffix },
              { name: 'TRANSACTIONS_TABLE', value: args.data.tableName },
            ],
            secrets: [{ name: 'PROCESSOR_API_KEY', valueFrom: args.data.processorKeyName }],
            logConfiguration: {
              logDriver: 'awslogs',
              options: {
                'awslogs-group': `/ecs/payment-api-${args.environmentSuffix}`,
                'awslogs-region': aws.config.region!,
                'awslogs-stream-prefix': 'ecs',
              },
            },
          },
        ]),
        tags: args.tags,
      },
      // The service waits for the task definition, and so for everything that its tasks start with.
      { parent: this, dependsOn: [logGroup, executionPolicy, secretsPolicy, ledgerPolicy, args.data.processorKey] }
    );

    const service = new aws.ecs.Service(
      `service-${args.environmentSuffix}`,
      {
        name: `payment-api-${args.environmentSuffix}`,
        cluster: cluster.arn,
        taskDefinition: taskDefinition.arn,
        launchType: 'FARGATE',
        desiredCount: 2,
        networkConfiguration: {
          subnets: args.network.privateSubnetIds,
          securityGroups: [securityGroup.id],
          assignPublicIp: false,
        },
        loadBalancers: [
          {
            targetGroupArn: args.targetGroupArn,
            containerName: 'payment-api',
            containerPort: args.containerPort,
          },
        ],
        healthCheckGracePeriodSeconds: 60,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        enableEcsManagedTags: true,
        propagateTags: 'SERVICE',
        tags: args.tags,
      },
      { parent: this, dependsOn: [taskDefinition, args.albListener] }
    );

    this.clusterName = cluster.name;
    this.serviceName = service.name;
    this.registerOutputs({ clusterName: this.clusterName, serviceName: this.serviceName });
  }
}
