import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

export interface NetworkStackArgs {
  environmentSuffix: string;
  cidrBlock: string;
  tags: Record<string, string>;
}

/** A VPC over two availability zones: public subnets for the load balancer, private ones for the tasks. */
export class NetworkStack extends pulumi.ComponentResource {
  public readonly vpcId: pulumi.Output<string>;
  public readonly publicSubnetIds: pulumi.Output<string>[];
  public readonly privateSubnetIds: pulumi.Output<string>[];
  /** What a public resource of this VPC must wait for. */
  public readonly internetGateway: aws.ec2.InternetGateway;

  constructor(name: string, args: NetworkStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super('payment-api:network:NetworkStack', name, {}, opts);

    const suffix = args.environmentSuffix;
    const named = (resource: string) => ({ ...args.tags, Name: `payment-api-${resource}-${suffix}` });
    const zones = aws.getAvailabilityZonesOutput(
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

    const [a, b] = args.cidrBlock.split('.');
    const subnet = (tier: 'public' | 'private', zone: number, third: number) =>
      new aws.ec2.Subnet(
        `${tier}-subnet-${zone}-${suffix}`,
        {
          vpcId: vpc.id,
          cidrBlock: `${a}.${b}.${third}.0/24`,
          availabilityZone: zones.names[zone],
          tags: named(`${tier}-${zone}`),
        },
        { parent: this }
      );
    const publicSubnets = [subnet('public', 0, 0), subnet('public', 1, 1)];
    const privateSubnets = [subnet('private', 0, 10), subnet('private', 1, 11)];

    const natAddress = new aws.ec2.Eip(
      `nat-eip-${suffix}`,
      { domain: 'vpc', tags: named('nat') },
      { parent: this, dependsOn: [internetGateway] }
    );
    const nat = new aws.ec2.NatGateway(
      `nat-${suffix}`,
      { allocationId: natAddress.id, subnetId: publicSubnets[0].id, tags: named('nat') },
      { parent: this, dependsOn: [internetGateway] }
    );

    const publicRoutes = new aws.ec2.RouteTable(
      `public-rt-${suffix}`,
      { vpcId: vpc.id, routes: [{ cidrBlock: '0.0.0.0/0', gatewayId: internetGateway.id }], tags: named('public') },
      { parent: this }
    );
    const privateRoutes = new aws.ec2.RouteTable(
      `private-rt-${suffix}`,
      { vpcId: vpc.id, routes: [{ cidrBlock: '0.0.0.0/0', natGatewayId: nat.id }], tags: named('private') },
      { parent: this }
    );
    publicSubnets.forEach((publicSubnet, zone) => {
      new aws.ec2.RouteTableAssociation(
        `public-rta-${zone}-${suffix}`,
        { subnetId: publicSubnet.id, routeTableId: publicRoutes.id },
        { parent: this }
      );
    });
    privateSubnets.forEach((privateSubnet, zone) => {
      new aws.ec2.RouteTableAssociation(
        `private-rta-${zone}-${suffix}`,
        { subnetId: privateSubnet.id, routeTableId: privateRoutes.id },
        { parent: this }
      );
    });

    this.vpcId = vpc.id;
    this.publicSubnetIds = publicSubnets.map((publicSubnet) => publicSubnet.id);
    this.privateSubnetIds = privateSubnets.map((privateSubnet) => privateSubnet.id);
    this.internetGateway = internetGateway;
    this.registerOutputs({ vpcId: this.vpcId });
  }
}
