import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

const config = new pulumi.Config();

new aws.acm.Certificate('certificate', { domainName: config.require('domain'), validationMethod: 'DNS' });
new aws.sqs.Queue('queue', { delaySeconds: config.requireNumber('size') });
new aws.ssm.Parameter('key', { type: 'SecureString', value: config.requireSecret('apiKey') });
