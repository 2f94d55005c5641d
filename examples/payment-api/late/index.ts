import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

// The container definitions contain the repository's address, which only AWS can give. Before the first deployment
// they are therefore unknown as a whole, and a preview cannot read the log group in them.

const repository = new aws.ecr.Repository('repository', { name: 'payment-api' });
const logGroup = new aws.cloudwatch.LogGroup('logs', { name: '/ecs/payment-api', retentionInDays: 30 });

const executionRole = new aws.iam.Role('execution-role', {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: 'ecs-tasks.amazonaws.com' }),
});
const executionPolicy = new aws.iam.RolePolicyAttachment('execution-policy', {
  role: executionRole.name,
  policyArn: aws.iam.ManagedPolicy.AmazonECSTaskExecutionRolePolicy,
});

const taskDefinition = new aws.ecs.TaskDefinition(
  'task',
  {
    family: 'payment-api',
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    executionRoleArn: executionRole.arn,
    containerDefinitions: pulumi.jsonStringify([
      {
        name: 'payment-api',
        image: pulumi.interpolate`${repository.repositoryUrl}:stable`,
        essential: true,
        portMappings: [{ containerPort: 80, protocol: 'tcp' }],
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': `${logGroup.name}`,
            'awslogs-region': aws.config.region!,
            'awslogs-stream-prefix': 'ecs',
          },
        },
      },
    ]),
  },
  { dependsOn: [executionPolicy] }
);

export const taskDefinitionArn = taskDefinition.arn;
