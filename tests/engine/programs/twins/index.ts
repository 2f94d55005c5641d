import * as pulumi from '@pulumi/pulumi';

const native = (type: string, name: string, inputs: pulumi.Inputs) =>
  new pulumi.CustomResource(`aws-native:${type}`, name, inputs);

const database = { engine: 'postgres', dbInstanceClass: 'db.t4g.small', allocatedStorage: '100', storageType: 'gp3' };
const assumed = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'monitoring.rds.amazonaws.com' } };
const container = { name: 'app', image: 'nginx' };

const role = native('iam:Role', 'good-role', { assumeRolePolicyDocument: { Statement: [assumed] } });
native('iam:Role', 'bad-role', { assumeRolePolicyDocument: { Statement: [{ ...assumed, Resource: '*' }] } });

native('rds:DbInstance', 'good-database', { ...database, monitoringInterval: 60, monitoringRoleArn: role.id });
native('rds:DbInstance', 'restored-database', { ...database, iops: 12000, dbSnapshotIdentifier: 'nightly' });
native('rds:DbInstance', 'bad-database', { ...database, iops: 12000 });

native('ecs:TaskDefinition', 'good-task', { networkMode: 'awsvpc', containerDefinitions: [container] });
native('ecs:TaskDefinition', 'bad-task', {
  networkMode: 'awsvpc',
  containerDefinitions: [container, { ...container, name: 'web', links: ['app'] }],
});
