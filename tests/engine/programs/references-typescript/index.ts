import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

const network = new pulumi.StackReference('acme/network/prod');
const shared = new pulumi.StackReference(`${pulumi.getOrganization()}/shared/${pulumi.getStack()}`);

const group = new aws.ec2.SecurityGroup('group', { vpcId: network.requireOutput('vpcId') });
const subnets = new aws.rds.SubnetGroup('subnets', { subnetIds: network.getOutput('subnetIds') });
new aws.acm.Certificate('certificate', {
  domainName: shared.requireOutput('domainName') as pulumi.Output<string>,
  validationMethod: 'DNS',
});

export const vpc = group.vpcId;
export const subnetIds = subnets.subnetIds;
