import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

export interface SecurityStackArgs {
  environmentSuffix: string;
  vpcId: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** Who may talk to whom, and what an instance may do: be reached through Session Manager instead of SSH. */
export class SecurityStack extends pulumi.ComponentResource {
  public readonly albSecurityGroupId: pulumi.Output<string>;
  public readonly instanceSecurityGroupId: pulumi.Output<string>;
  public readonly instanceProfile: aws.iam.InstanceProfile;

  constructor(name: string, args: SecurityStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super('failover:security:SecurityStack', name, {}, opts);

    const suffix = args.environmentSuffix;
    const egress = [{ protocol: '-1', fromPort: 0, toPort: 0, cidrBlocks: ['0.0.0.0/0'] }];

    const albSecurityGroup = new aws.ec2.SecurityGroup(
      `alb-sg-${suffix}`,
      {
        description: 'Load balancer: HTTPS from anywhere',
        vpcId: args.vpcId,
        ingress: [{ protocol: 'tcp', fromPort: 443, toPort: 443, cidrBlocks: ['0.0.0.0/0'] }],
        egress,
        tags: { ...args.tags, Name: `failover-alb-${suffix}` },
      },
      { parent: this }
    );

    const instanceSecurityGroup = new aws.ec2.SecurityGroup(
      `instance-sg-${suffix}`,
      {
        description: 'Instances: HTTP from the load balancer',
        vpcId: args.vpcId,
        ingress: [{ protocol: 'tcp', fromPort: 80, toPort: 80, securityGroups: [albSecurityGroup.id] }],
        egress,
        tags: { ...args.tags, Name: `failover-instance-${suffix}` },
      },
      { parent: this }
    );

    const role = new aws.iam.Role(
      `instance-role-${suffix}`,
      {
        assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: 'ec2.amazonaws.com' }),
        tags: args.tags,
      },
      { parent: this }
    );
    const sessionManager = new aws.iam.RolePolicyAttachment(
      `instance-ssm-${suffix}`,
      { role: role.name, policyArn: aws.iam.ManagedPolicy.AmazonSSMManagedInstanceCore },
      { parent: this }
    );

    this.albSecurityGroupId = albSecurityGroup.id;
    this.instanceSecurityGroupId = instanceSecurityGroup.id;
    this.instanceProfile = new aws.iam.InstanceProfile(
      `instance-profile-${suffix}`,
      { role: role.name, tags: args.tags },
      { parent: this, dependsOn: [sessionManager] }
    );
    this.registerOutputs({});
  }
}
