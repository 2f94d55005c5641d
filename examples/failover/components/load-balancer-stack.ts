import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

import { NetworkStack } from './network-stack';

export interface LoadBalancerStackArgs {
  environmentSuffix: string;
  network: NetworkStack;
  securityGroupId: pulumi.Input<string>;
  certificateArn: string;
  tags: Record<string, string>;
}

/** The way in: HTTPS only, over all three zones. */
export class LoadBalancerStack extends pulumi.ComponentResource {
  public readonly loadBalancer: aws.lb.LoadBalancer;
  public readonly targetGroup: aws.lb.TargetGroup;
  public readonly listener: aws.lb.Listener;

  constructor(name: string, args: LoadBalancerStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super('failover:loadbalancer:LoadBalancerStack', name, {}, opts);

    const suffix = args.environmentSuffix;
    this.loadBalancer = new aws.lb.LoadBalancer(
      `alb-${suffix}`,
      {
        name: `failover-alb-${suffix}`,
        loadBalancerType: 'application',
        securityGroups: [args.securityGroupId],
        subnets: args.network.zones.map((zone) => zone.publicSubnet.id),
        dropInvalidHeaderFields: true,
        tags: args.tags,
      },
      { parent: this, dependsOn: [args.network.internetGateway] }
    );

    this.targetGroup = new aws.lb.TargetGroup(
      `tg-${suffix}`,
      {
        name: `failover-tg-${suffix}`,
        vpcId: args.network.vpcId,
        targetType: 'instance',
        protocol: 'HTTP',
        port: 80,
        deregistrationDelay: 30,
        healthCheck: { path: '/health', matcher: '200', interval: 15, timeout: 5, healthyThreshold: 2 },
        tags: args.tags,
      },
      { parent: this }
    );

    this.listener = new aws.lb.Listener(
      `https-listener-${suffix}`,
      {
        loadBalancerArn: this.loadBalancer.arn,
        protocol: 'HTTPS',
        port: 443,
        sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
        certificateArn: args.certificateArn,
        defaultActions: [{ type: 'forward', targetGroupArn: this.targetGroup.arn }],
        tags: args.tags,
      },
      { parent: this }
    );

    this.registerOutputs({ dnsName: this.loadBalancer.dnsName });
  }
}
