import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

// The dashboard's body contains the load balancer's identifier, which only AWS can give. Before the first deployment
// it is therefore unknown as a whole, and a preview cannot read the metrics in it.

const zones = aws.getAvailabilityZonesOutput({
  state: 'available',
  filters: [{ name: 'opt-in-status', values: ['opt-in-not-required'] }],
});
const vpc = new aws.ec2.Vpc('vpc', { cidrBlock: '10.40.0.0/16' });
const subnets = [0, 1].map(
  (zone) =>
    new aws.ec2.Subnet(`subnet-${zone}`, {
      vpcId: vpc.id,
      cidrBlock: `10.40.${zone}.0/24`,
      availabilityZone: zones.names[zone],
    })
);
const alb = new aws.lb.LoadBalancer('alb', {
  internal: true,
  loadBalancerType: 'application',
  subnets: subnets.map((subnet) => subnet.id),
});

const dashboard = new aws.cloudwatch.Dashboard('dashboard', {
  dashboardName: 'failover',
  dashboardBody: pulumi.jsonStringify({
    widgets: [
      {
        type: 'metric',
        width: 24,
        height: 6,
        properties: {
          title: 'Requests',
          region: aws.config.region!,
          metrics: [
            ['AWS/ApplicationELB', 'RequestCount', { stat: 'Sum', dimensions: { LoadBalancer: alb.arnSuffix } }],
          ],
        },
      },
    ],
  }),
});

export const dashboardName = dashboard.dashboardName;
