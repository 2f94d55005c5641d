import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

export interface NetworkStackArgs {
  environmentSuffix: string;
  cidrBlock: string;
  tags: Record<string, string>;
}

/** One zone's share of the network. Zones share nothing that can fail: each has its own way out. */
export interface Zone {
  publicSubnet: aws.ec2.Subnet;
  privateSubnet: aws.ec2.Subnet;
  /** Once this exists, instances in the private subnet reach the internet. */
  privateRoute: aws.ec2.RouteTableAssociation;
}

/** A VPC over three availability zones. */
export class NetworkStack extends pulumi.ComponentResource {
  public readonly vpcId: pulumi.Output<string>;
  public readonly zones: Zone[];
  /** What a public resource of this VPC must wait for. */
  public readonly internetGateway: aws.ec2.InternetGateway;

  constructor(name: string, args: NetworkStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super('failover:network:NetworkStack', name, {}, opts);

    const suffix = args.environmentSuffix;
    const named = (resource: string) => ({ ...args.tags, Name: `failover-${resource}-${suffix}` });
    const available = aws.getAvailabilityZonesOutput(
      { state: 'available', filters: [{ name: 'opt-in-status', values: ['opt-in-not-required'] }] },
      { parent: this }
    );

    const vpc = new aws.ec2.Vpc(
      `vpc-${suffix}`,
      { cidrBlock: args.cidrBlock, enableDnsHostnames: true, enableDnsSupport: true, tags: named('vpc') },
      { parent: this }
    );

    const internetGateway = new aws.ec2.InternetGateway(
      `igw-${suffix}`,
      { vpcId: vpc.id, tags: named('igw') },
      { parent: this }
    );

    const publicRoutes = new aws.ec2.RouteTable(
      `public-rt-${suffix}`,
      { vpcId: vpc.id, routes: [{ cidrBlock: '0.0.0.0/0', gatewayId: internetGateway.id }], tags: named('public') },
      { parent: this }
    );

    const [a, b] = args.cidrBlock.split('.');
    this.zones = [0, 1, 2].map((zone) => {
      const subnet = (tier: 'public' | 'private', third: number) =>
        new aws.ec2.Subnet(
          `${tier}-subnet-${zone}-${suffix}`,
          {
            vpcId: vpc.id,
            cidrBlock: `${a}.${b}.${third}.0/24`,
            availabilityZone: available.names[zone],
            tags: named(`${tier}-${zone}`),
          },
          { parent: this }
        );
      const publicSubnet = subnet('public', zone);
      const privateSubnet = subnet('private', 10 + zone);

      new aws.ec2.RouteTableAssociation(
        `public-rta-${zone}-${suffix}`,
        { subnetId: publicSubnet.id, routeTableId: publicRoutes.id },
        { parent: this }
      );

      const natAddress = new aws.ec2.Eip(
        `nat-eip-${zone}-${suffix}`,
        { domain: 'vpc', tags: named(`nat-${zone}`) },
        { parent: this, dependsOn: [internetGateway] }
      );
      const nat = new aws.ec2.NatGateway(
        `nat-${zone}-${suffix}`,
        { allocationId: natAddress.id, subnetId: publicSubnet.id, tags: named(`nat-${zone}`) },
        { parent: this, dependsOn: [internetGateway] }
      );

      const privateRoutes = new aws.ec2.RouteTable(
        `private-rt-${zone}-${suffix}`,
        {
          vpcId: vpc.id,
          routes: [{ cidrBlock: '0.0.0.0/0', natGatewayId: nat.id }],
          tags: named(`private-${zone}`),
        },
        { parent: this }
      );
      const privateRoute = new aws.ec2.RouteTableAssociation(
        `private-rta-${zone}-${suffix}`,
        { subnetId: privateSubnet.id, routeTableId: privateRoutes.id },
        { parent: this }
      );

      return { publicSubnet, privateSubnet, privateRoute };
    });

    this.vpcId = vpc.id;
    this.internetGateway = internetGateway;
    this.registerOutputs({ vpcId: this.vpcId });
  }
}
