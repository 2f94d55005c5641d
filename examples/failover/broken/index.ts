import * as pulumi from '@pulumi/pulumi';

import { LoadBalancerStack } from '../components/load-balancer-stack';
import { NetworkStack } from '../components/network-stack';
import { Route53Stack } from '../components/route53-stack';
import { SecurityStack } from '../components/security-stack';
import { ComputeStack } from './compute-stack';
import { MonitoringStack } from './monitoring-stack';

const config = new pulumi.Config();
const environmentSuffix = config.require('environmentSuffix');

const tags = {
  Project: 'failover',
  Environment: environmentSuffix,
  ManagedBy: 'pulumi',
};

const network = new NetworkStack('network', { environmentSuffix, cidrBlock: '10.30.0.0/16', tags });

const security = new SecurityStack('security', { environmentSuffix, vpcId: network.vpcId, tags });

const loadBalancer = new LoadBalancerStack('load-balancer', {
  environmentSuffix,
  network,
  securityGroupId: security.albSecurityGroupId,
  certificateArn: config.require('certificateArn'),
  tags,
});

const compute = new ComputeStack('compute', {
  environmentSuffix,
  zones: network.zones,
  securityGroupId: security.instanceSecurityGroupId,
  instanceProfileArn: security.instanceProfile.arn,
  targetGroupArn: loadBalancer.targetGroup.arn,
  listener: loadBalancer.listener,
  tags,
});

const route53 = new Route53Stack('route53', {
  environmentSuffix,
  domainName: config.require('domainName'),
  standbyHostname: config.require('standbyHostname'),
  loadBalancerDnsName: loadBalancer.loadBalancer.dnsName,
  tags,
});

const monitoring = new MonitoringStack('monitoring', {
  environmentSuffix,
  zones: network.zones,
  loadBalancer: loadBalancer.loadBalancer,
  targetGroup: loadBalancer.targetGroup,
  asgName: compute.asgName,
  tags,
});

export const url = route53.url;
export const nameServers = route53.nameServers;
export const albDnsName = loadBalancer.loadBalancer.dnsName;
export const asgName = compute.asgName;
export const dashboardName = monitoring.dashboardName;
export const alertTopicArn = monitoring.topicArn;
