import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

export interface Route53StackArgs {
  environmentSuffix: string;
  domainName: string;
  standbyHostname: string;
  loadBalancerDnsName: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** Sends app.<domainName> to the load balancer, and to the standby site while the load balancer is not healthy. */
export class Route53Stack extends pulumi.ComponentResource {
  public readonly nameServers: pulumi.Output<string[]>;
  public readonly url: string;

  constructor(name: string, args: Route53StackArgs, opts?: pulumi.ComponentResourceOptions) {
    super('failover:route53:Route53Stack', name, {}, opts);

    const suffix = args.environmentSuffix;
    const hostname = `app.${args.domainName}`;

    const zone = new aws.route53.Zone(
      `zone-${suffix}`,
      { name: args.domainName, comment: `Payment processing, ${suffix}`, tags: args.tags },
      { parent: this }
    );

    const healthCheck = new aws.route53.HealthCheck(
      `health-check-${suffix}`,
      {
        type: 'HTTPS',
        fqdn: args.loadBalancerDnsName,
        port: 443,
        resourcePath: '/health',
        requestInterval: 30,
        failureThreshold: 3,
        tags: { ...args.tags, Name: `failover-primary-${suffix}` },
      },
      { parent: this }
    );

    new aws.route53.Record(
      `primary-record-${suffix}`,
      {
        zoneId: zone.zoneId,
        name: hostname,
        type: 'CNAME',
        ttl: 60,
        records: [args.loadBalancerDnsName],
        setIdentifier: 'primary',
        healthCheckId: healthCheck.id,
        failoverRoutingPolicies: [{ type: 'PRIMARY' }],
      },
      { parent: this }
    );
    new aws.route53.Record(
      `secondary-record-${suffix}`,
      {
        zoneId: zone.zoneId,
        name: hostname,
        type: 'CNAME',
        ttl: 60,
        records: [args.standbyHostname],
        setIdentifier: 'secondary',
        failoverRoutingPolicies: [{ type: 'SECONDARY' }],
      },
      { parent: this }
    );

    this.nameServers = zone.nameServers;
    this.url = `https://${hostname}`;
    this.registerOutputs({ nameServers: this.nameServers, url: this.url });
  }
}
