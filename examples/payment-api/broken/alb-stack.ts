import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

import { NetworkStack } from '../components/network-stack';

export interface AlbStackArgs {
  environmentSuffix: string;
  network: NetworkStack;
  containerPort: number;
  healthCheckPath: string;
  tags: Record<string, string>;
}

/** The public load balancer and the target group that the service's tasks register in. */
export class AlbStack extends pulumi.ComponentResource {
  public readonly loadBalancer: aws.lb.LoadBalancer;
  public readonly securityGroupId: pulumi.Output<string>;
  public readonly targetGroup: aws.lb.TargetGroup;

  constructor(name: string, args: AlbStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super('payment-api:alb:AlbStack', name, {}, opts);

    const securityGroup = new aws.ec2.SecurityGroup(
      `alb-sg-${args.environmentSuffix}`,
      {
        description: 'Payment API load balancer',
        vpcId: args.network.vpcId,
        ingress: [
          { protocol: 'tcp', fromPort: 80, toPort: 80, cidrBlocks: ['0.0.0.0/0'] },
          { protocol: 'tcp', fromPort: 443, toPort: 443, cidrBlocks: ['0.0.0.0/0'] },
        ],
        egress: [{ protocol: '-1', fromPort: 0, toPort: 0, cidrBlocks: ['0.0.0.0/0'] }],
        tags: { ...args.tags, Name: `payment-api-alb-${args.environmentSuffix}` },
      },
      { parent: this }
    );

    const alb = new aws.lb.LoadBalancer(
      `alb-${args.environmentSuffix}`,
      {
        name: `payment-api-alb-${args.environmentSuffix}`,
        loadBalancerType: 'application',
        securityGroups: [securityGroup.id],
        subnets: args.network.publicSubnetIds,
        dropInvalidHeaderFields: true,
        tags: args.tags,
      },
      { parent: this, dependsOn: [args.network.internetGateway] }
    );

    const targetGroup = new aws.lb.TargetGroup(
      `tg-${args.environmentSuffix}`,
      {
        name: `payment-api-tg-${args.environmentSuffix}`,
        vpcId: args.network.vpcId,
        targetType: 'ip',
        protocol: 'HTTP',
        port: args.containerPort,
        deregistrationDelay: 30,
        healthCheck: { path: args.healthCheckPath, matcher: '200', interval: 15, timeout: 5 },
        tags: args.tags,
      },
      { parent: this }
    );

    const certificate = new aws.acm.Certificate(
      `cert-${args.environmentSuffix}`,
      {
        domainName: pulumi.interpolate`${alb.dnsName}`,
        validationMethod: 'DNS',
        tags: args.tags,
      },
      { parent: this }
    );

    new aws.lb.Listener(
      `https-listener-${args.environmentSuffix}`,
      {
        loadBalancerArn: alb.arn,
        protocol: 'HTTPS',
        port: 443,
        sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
        certificateArn: certificate.arn,
        defaultActions: [{ type: 'forward', targetGroupArn: targetGroup.arn }],
        tags: args.tags,
      },
      { parent: this }
    );

    new aws.lb.Listener(
      `http-listener-${args.environmentSuffix}`,
      {
        loadBalancerArn: alb.arn,
        protocol: 'HTTP',
        port: 80,
        defaultActions: [
          { type: 'redirect', redirect: { protocol: 'HTTPS', port: '443', statusCode: 'HTTP_301' } },
        ],
        tags: args.tags,
      },
      { parent: this }
    );

    this.loadBalancer = alb;
    this.securityGroupId = securityGroup.id;
    this.targetGroup = targetGroup;
    this.registerOutputs({ dnsName: alb.dnsName });
  }
}
