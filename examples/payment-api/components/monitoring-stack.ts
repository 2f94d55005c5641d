import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

export interface MonitoringStackArgs {
  environmentSuffix: string;
  loadBalancer: aws.lb.LoadBalancer;
  targetGroup: aws.lb.TargetGroup;
  tags: Record<string, string>;
}

/** Tells the payments team when payments fail or when a task stops taking them. */
export class MonitoringStack extends pulumi.ComponentResource {
  public readonly topicArn: pulumi.Output<string>;

  constructor(name: string, args: MonitoringStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super('payment-api:monitoring:MonitoringStack', name, {}, opts);

    const suffix = args.environmentSuffix;
    const topic = new aws.sns.Topic(
      `alerts-${suffix}`,
      { name: `payment-api-alerts-${suffix}`, tags: args.tags },
      { parent: this }
    );

    const dimensions = {
      LoadBalancer: args.loadBalancer.arnSuffix,
      TargetGroup: args.targetGroup.arnSuffix,
    };
    new aws.cloudwatch.MetricAlarm(
      `server-errors-${suffix}`,
      {
        name: `payment-api-server-errors-${suffix}`,
        alarmDescription: 'The payment API answers with server errors',
        namespace: 'AWS/ApplicationELB',
        metricName: 'HTTPCode_Target_5XX_Count',
        dimensions,
        statistic: 'Sum',
        period: 60,
        evaluationPeriods: 3,
        threshold: 5,
        comparisonOperator: 'GreaterThanOrEqualToThreshold',
        treatMissingData: 'notBreaching',
        alarmActions: [topic.arn],
        okActions: [topic.arn],
        tags: args.tags,
      },
      { parent: this }
    );
    new aws.cloudwatch.MetricAlarm(
      `unhealthy-tasks-${suffix}`,
      {
        name: `payment-api-unhealthy-tasks-${suffix}`,
        alarmDescription: 'A task of the payment API fails its health check',
        namespace: 'AWS/ApplicationELB',
        metricName: 'UnHealthyHostCount',
        dimensions,
        statistic: 'Maximum',
        period: 60,
        evaluationPeriods: 2,
        threshold: 1,
        comparisonOperator: 'GreaterThanOrEqualToThreshold',
        treatMissingData: 'notBreaching',
        alarmActions: [topic.arn],
        okActions: [topic.arn],
        tags: args.tags,
      },
      { parent: this }
    );

    this.topicArn = topic.arn;
    this.registerOutputs({ topicArn: this.topicArn });
  }
}
