import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

const long = 'payments-api.blue.staging.eu-central-1.internal.platform.example.com';

new aws.acm.Certificate('long', { domainName: long, validationMethod: 'DNS' });
new aws.acm.Certificate('long-second', {
  domainName: 'example.com',
  subjectAlternativeNames: [long],
  validationMethod: 'DNS',
});
new aws.acm.Certificate('owned', { domainName: 'd111111abcdef8.cloudfront.net', validationMethod: 'DNS' });
new aws.acm.Certificate('secret', { domainName: pulumi.secret(long), validationMethod: 'DNS' });
new pulumi.CustomResource('aws-native:certificatemanager:Certificate', 'native', { domainName: long });

const alb = new aws.lb.LoadBalancer('web', { loadBalancerType: 'application', internal: true, subnets: ['a', 'b'] });
new aws.acm.Certificate('named', { domainName: pulumi.interpolate`${alb.name}.example.com`, validationMethod: 'DNS' });
