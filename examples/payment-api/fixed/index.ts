import * as pulumi from '@pulumi/pulumi';

import { DataStack } from '../components/data-stack';
import { MonitoringStack } from '../components/monitoring-stack';
import { NetworkStack } from '../components/network-stack';
import { AlbStack } from './alb-stack';
import { EcsStack } from './ecs-stack';

const config = new pulumi.Config();
const environmentSuffix = config.require('environmentSuffix');
const containerPort = config.requireNumber('containerPort');

const tags = {
  Project: 'payment-api',
  Environment: environmentSuffix,
  ManagedBy: 'pulumi',
};

const network = new NetworkStack('network', { environmentSuffix, cidrBlock: '10.20.0.0/16', tags });

const data = new DataStack('data', {
  environmentSuffix,
  processorApiKey: config.getSecret('processorApiKey') ?? pulumi.secret('not-set-yet'),
  tags,
});

const alb = new AlbStack('alb', {
  environmentSuffix,
  network,
  containerPort,
  healthCheckPath: config.require('healthCheckPath'),
  tags,
});

const ecs = new EcsStack('ecs', {
  environmentSuffix,
  network,
  data,
  albSecurityGroupId: alb.securityGroupId,
  albListener: alb.httpListener,
  targetGroupArn: alb.targetGroup.arn,
  image: config.require('image'),
  containerPort,
  tags,
});

const monitoring = new MonitoringStack('monitoring', {
  environmentSuffix,
  loadBalancer: alb.loadBalancer,
  targetGroup: alb.targetGroup,
  tags,
});

export const vpcId = network.vpcId;
export const albDnsName = alb.loadBalancer.dnsName;
export const clusterName = ecs.clusterName;
export const serviceName = ecs.serviceName;
export const alertTopicArn = monitoring.topicArn;
