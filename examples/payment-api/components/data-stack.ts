import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

export interface DataStackArgs {
  environmentSuffix: string;
  /** Key for the card processor's API. */
  processorApiKey: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** The ledger of transactions, and the secret that the API signs its calls with. */
export class DataStack extends pulumi.ComponentResource {
  public readonly tableName: string;
  public readonly table: aws.dynamodb.Table;
  public readonly processorKeyName: string;
  public readonly processorKey: aws.ssm.Parameter;

  constructor(name: string, args: DataStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super('payment-api:data:DataStack', name, {}, opts);

    this.tableName = `payment-api-transactions-${args.environmentSuffix}`;
    this.table = new aws.dynamodb.Table(
      `transactions-${args.environmentSuffix}`,
      {
        name: this.tableName,
        billingMode: 'PAY_PER_REQUEST',
        hashKey: 'merchantId',
        rangeKey: 'transactionId',
        attributes: [
          { name: 'merchantId', type: 'S' },
          { name: 'transactionId', type: 'S' },
        ],
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true },
        tags: args.tags,
      },
      { parent: this }
    );

    this.processorKeyName = `/payment-api/${args.environmentSuffix}/processor-api-key`;
    this.processorKey = new aws.ssm.Parameter(
      `processor-api-key-${args.environmentSuffix}`,
      { name: this.processorKeyName, type: 'SecureString', value: args.processorApiKey, tags: args.tags },
      // The processor rotates it in place: Pulumi only sets the first value.
      { parent: this, ignoreChanges: ['value'] }
    );

    this.registerOutputs({ tableName: this.tableName });
  }
}
