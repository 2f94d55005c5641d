import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

import { Zone } from '../components/network-stack';

export interface MonitoringStackArgs {
  environmentSuffix: string;
  zones: Zone[];
  loadBalancer: aws.lb.LoadBalancer;
  targetGroup: aws.lb.TargetGroup;
  asgName: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** An alarm for each zone that has fewer than two healthy instances, and a dashboard for whoever is called. */
export class MonitoringStack extends pulumi.ComponentResource {
  public readonly topicArn: pulumi.Output<string>;
  public readonly dashboardName: pulumi.Output<string>;

  constructor(name: string, args: MonitoringStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super('failover:monitoring:MonitoringStack', name, {}, opts);

    const region = aws.config.region!;
    const topic = new aws.sns.Topic(
      `alerts-${args.environmentSuffix}`,
      { name: `failover-alerts-${args.environmentSuffix}`, tags: args.tags },
      { parent: this }
    );

    args.zones.forEach((zone, index) => {
      new aws.cloudwatch.MetricAlarm(
        `healthy-targets-${index}-${args.environmentSuffix}`,
        {
          name: `failover-healthy-targets-${index}-${args.environmentSuffix}`,
          alarmDescription: 'Fewer than two healthy targets in one availability zone',
          namespace: 'AWS/ApplicationELB',
          metricName: 'HealthyHostCount',
          dimensions: {
            AvailabilityZone: zone.publicSubnet.availabilityZone,
            LoadBalancer: args.loadBalancer.arnSuffix,
            TargetGroup: args.targetGroup.arnSuffix,
          },
          statistic: 'Minimum',
          period: 60,
          evaluationPeriods: 2,
          threshold: 2,
          comparisonOperator: 'LessThanThreshold',
          treatMissingData: 'breaching',
          alarmActions: [topic.arn],
          okActions: [topic.arn],
          tags: args.tags,
        },
        { parent: this }
      );
    });

    const dashboard = new aws.cloudwatch.Dashboard(
      `dashboard-${args.environmentSuffix}`,
      {
        dashboardName: `failover-${args.environmentSuffix}`,
        dashboardBody: pulumi.output(args.asgName).apply((asgName) =>
          JSON.stringify({
            widgets: [
              {
                type: 'text',
                x: 0,
                y: 0,
                width: 24,
                height: 2,
                properties: { markdown: `# Payment processing: ${args.environmentSuffix}` },
              },
              {
                type: 'metric',
                x: 0,
                y: 2,
                width: 12,
                height: 6,
                properties: {
                  title: 'CPU',
                  region,
                  period: 60,
                  stat: 'Average',
                  metrics: [['AWS/EC2', 'CPUUtilization', 'AutoScalingGroupName', asgName]],
                },
              },
              {
                type: 'metric',
                x: 12,
                y: 2,
                width: 12,
                height: 6,
                properties: {
                  title: 'Network',
                  region,
                  period: 60,
                  stat: 'Sum',
                  metrics: [
                    ['AWS/EC2', 'NetworkIn', 'AutoScalingGroupName', asgName],
                    ['.', 'NetworkOut', '.', '.'],
                  ],
                },
              },
              {
                type: 'metric',
                x: 0,
                y: 8,
                width: 24,
                height: 6,
                properties: {
                  title: 'Instances',
                  region,
                  period: 60,
                  stat: 'Average',
                  metrics: [
                    [
                      'AWS/AutoScaling',
                      'GroupDesiredCapacity',
                      'AutoScalingGroupName',
                      asgName,
                    ],
                    [
                      '.',
                      'GroupInServiceInstances',
                      '.',
                      '.',
                    ],
                  ],
                },
              },
            ],
          })
        ),
      },
      { parent: this }
    );

    this.topicArn = topic.arn;
    this.dashboardName = dashboard.dashboardName;
    this.registerOutputs({ topicArn: this.topicArn, dashboardName: this.dashboardName });
  }
}
