import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

import { Zone } from '../components/network-stack';

export interface ComputeStackArgs {
  environmentSuffix: string;
  zones: Zone[];
  securityGroupId: pulumi.Input<string>;
  instanceProfileArn: pulumi.Input<string>;
  targetGroupArn: pulumi.Input<string>;
  listener: aws.lb.Listener;
  tags: pulumi.Input<Record<string, string>>;
}

const userData = `#!/bin/bash
set -euo pipefail
dnf install --assumeyes nginx
echo ok > /usr/share/nginx/html/health
systemctl enable --now nginx
`;

/** Two to three instances in each of the three zones, replaced when the load balancer finds them unhealthy. */
export class ComputeStack extends pulumi.ComponentResource {
  public readonly asgName: string;

  constructor(name: string, args: ComputeStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super('failover:compute:ComputeStack', name, {}, opts);

    this.asgName = `asg-${args.environmentSuffix}`;

    const image = aws.ec2.getAmiOutput(
      {
        owners: ['amazon'],
        mostRecent: true,
        filters: [
          { name: 'name', values: ['al2023-ami-2023.*-x86_64'] },
          { name: 'architecture', values: ['x86_64'] },
        ],
      },
      { parent: this }
    );

    const launchTemplate = new aws.ec2.LaunchTemplate(
      `launch-template-${args.environmentSuffix}`,
      {
        name: `failover-${args.environmentSuffix}`,
        imageId: image.id,
        instanceType: 't3.micro',
        updateDefaultVersion: true,
        iamInstanceProfile: { arn: args.instanceProfileArn },
        vpcSecurityGroupIds: [args.securityGroupId],
        metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
        monitoring: { enabled: true },
        userData: Buffer.from(userData).toString('base64'),
        tags: args.tags,
      },
      { parent: this }
    );

    const asg = new aws.autoscaling.Group(
      `asg-${args.environmentSuffix}`,
      {
        name: this.asgName,
        minSize: 6,
        maxSize: 9,
        desiredCapacity: 6,
        vpcZoneIdentifiers: args.zones.map((zone) => zone.privateSubnet.id),
        launchTemplate: { id: launchTemplate.id, version: '$Latest' },
        targetGroupArns: [args.targetGroupArn],
        healthCheckType: 'ELB',
        healthCheckGracePeriod: 300,
        metricsGranularity: '1Minute',
        enabledMetrics: ['GroupDesiredCapacity', 'GroupInServiceInstances'],
        tags: [
          {
            key: 'Name',
            value: `asg-${args.environmentSuffix}`,
            propagateAtLaunch: true,
          },
          ...Object.entries(pulumi.output(args.tags).apply((t) => t)).map(([key, value]) => ({
            key,
            value: pulumi.output(value).apply((v) => v),
            propagateAtLaunch: true,
          })),
        ],
      },
      // The first boot installs packages and the first health check comes through the load balancer.
      { parent: this, dependsOn: [...args.zones.map((zone) => zone.privateRoute), args.listener] }
    );

    new aws.autoscaling.Policy(
      `scale-on-cpu-${args.environmentSuffix}`,
      {
        name: `scale-on-cpu-${args.environmentSuffix}`,
        autoscalingGroupName: asg.name,
        policyType: 'TargetTrackingScaling',
        targetTrackingConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType: 'ASGAverageCPUUtilization' },
          targetValue: 60,
        },
      },
      { parent: this }
    );

    this.registerOutputs({ asgName: this.asgName });
  }
}
