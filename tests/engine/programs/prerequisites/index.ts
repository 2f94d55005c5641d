import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

const trust = JSON.stringify({
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
});

/** Four resources that need another one first; where `wait` is set they wait for it. */
function build(name: string, wait: boolean): void {
  const after = (...needed: pulumi.Resource[]) => ({ dependsOn: wait ? needed : [] });

  const role = new aws.iam.Role(`role-${name}`, { assumeRolePolicy: trust });
  const rights = new aws.iam.RolePolicyAttachment(`rights-${name}`, {
    role: role.name,
    policyArn: 'arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole',
  });
  const fn = new aws.lambda.Function(`function-${name}`, {
    role: role.arn,
    runtime: 'nodejs22.x',
    handler: 'app.handler',
    s3Bucket: 'artifacts',
    s3Key: 'app.zip',
  });

  // Nothing waits for more: a tie.
  const bucket = new aws.s3.Bucket(`bucket-${name}`);
  const permission = new aws.lambda.Permission(`permission-${name}`, {
    action: 'lambda:InvokeFunction',
    function: fn.name,
    principal: 's3.amazonaws.com',
    sourceArn: bucket.arn,
  });
  new aws.s3.BucketNotification(
    `notification-${name}`,
    { bucket: bucket.id, lambdaFunctions: [{ lambdaFunctionArn: fn.arn, events: ['s3:ObjectCreated:*'] }] },
    after(permission),
  );

  // The provider repeats the refused call: a race.
  const queue = new aws.sqs.Queue(`queue-${name}`);
  new aws.lambda.EventSourceMapping(
    `mapping-${name}`,
    { eventSourceArn: queue.arn, functionName: fn.arn },
    after(rights),
  );

  // The gateway has a head start: the load balancer waits for the subnets.
  const vpc = new aws.ec2.Vpc(`vpc-${name}`, { cidrBlock: '10.0.0.0/16' });
  const subnets = [0, 1].map(
    (i) => new aws.ec2.Subnet(`subnet-${name}-${i}`, { vpcId: vpc.id, cidrBlock: `10.0.${i}.0/24` }),
  );
  const gateway = new aws.ec2.InternetGateway(`gateway-${name}`, { vpcId: vpc.id });
  new aws.lb.LoadBalancer(`lb-${name}`, { subnets: subnets.map((subnet) => subnet.id) }, after(gateway));

  // The method waits for the path, the deployment does not: it comes too early.
  const api = new aws.apigateway.RestApi(`api-${name}`);
  const path = new aws.apigateway.Resource(`path-${name}`, {
    restApi: api.id,
    parentId: api.rootResourceId,
    pathPart: 'orders',
  });
  const method = new aws.apigateway.Method(`method-${name}`, {
    restApi: api.id,
    resourceId: path.id,
    httpMethod: 'GET',
    authorization: 'NONE',
  });
  new aws.apigateway.Deployment(`deployment-${name}`, { restApi: api.id }, after(method));
}

build('hasty', false);
build('patient', true);
