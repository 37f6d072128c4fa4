import { SecretValue } from 'aws-cdk-lib';
import { Port, type SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnParameterGroup, CfnReplicationGroup, CfnSubnetGroup } from 'aws-cdk-lib/aws-elasticache';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { CacheConfiguration } from '../../environment/environment.ts';
import type { Network } from './network.ts';

export interface CacheProps extends CacheConfiguration {
  readonly network: Network;
}

/** Valkey's own port; security groups decide who reaches it. */
const PORT = 6379;

/** ElastiCache for Valkey: one shard, encrypted at rest and on the way, and protected by a token. */
export class Cache extends Construct {
  readonly group: CfnReplicationGroup;
  /** Node names, as CloudWatch knows them. */
  readonly nodes: readonly string[];
  /** The whole address, token included: `rediss://:token@host:6379`. */
  readonly url: ISecret;
  readonly #entrance: SecurityGroup;

  constructor(scope: Construct, id: string, props: CacheProps) {
    super(scope, id);
    this.#entrance = props.network.groupFor(this, 'Group', 'Cache');
    // Letters and digits only: ElastiCache refuses most punctuation in a token.
    const token = new Secret(this, 'Token', { generateSecretString: { excludePunctuation: true, passwordLength: 64 } });
    const secretToken = token.secretValue.unsafeUnwrap();
    this.group = this.#replicationGroup(props, secretToken);
    const count = props.replicas + 1;
    this.nodes = Array.from({ length: count }, (_, i) => `${this.group.ref}-${String(i + 1).padStart(3, '0')}`);
    const address = `rediss://:${secretToken}@${this.group.attrPrimaryEndPointAddress}:${PORT}`;
    // The cast: under exactOptionalPropertyTypes the library's class does not fit its own interface.
    this.url = new Secret(this, 'Url', { secretStringValue: SecretValue.unsafePlainText(address) }) as ISecret;
    this.#acknowledge(props, token);
  }

  allowFrom(client: SecurityGroup): void {
    client.connections.allowTo(this.#entrance, Port.tcp(PORT), 'Valkey');
  }

  #replicationGroup(props: CacheProps, authToken: string): CfnReplicationGroup {
    const isReplicated = props.replicas > 0;
    const subnets = new CfnSubnetGroup(this, 'Subnets', {
      description: 'Subnets of the cache',
      subnetIds: props.network.vpc.selectSubnets(props.network.data).subnetIds,
    });
    const parameters = new CfnParameterGroup(this, 'Parameters', {
      cacheParameterGroupFamily: `valkey${props.engineVersion.split('.')[0] ?? ''}`,
      description: 'Eviction policy of the cache',
      // Everything in it can be read again from the database, so the least recently used goes first, with or without a time to
      // live. The default, volatile-lru, would refuse writes once keys without one fill the memory.
      properties: { 'maxmemory-policy': 'allkeys-lru' },
    });
    return new CfnReplicationGroup(this, 'Nodes', {
      replicationGroupDescription: 'Cache of the staging environment',
      engine: 'valkey',
      engineVersion: props.engineVersion,
      cacheNodeType: `cache.${props.nodeType}`,
      cacheParameterGroupName: parameters.ref,
      cacheSubnetGroupName: subnets.ref,
      securityGroupIds: [this.#entrance.securityGroupId],
      numNodeGroups: 1,
      replicasPerNodeGroup: props.replicas,
      automaticFailoverEnabled: isReplicated,
      multiAzEnabled: isReplicated,
      atRestEncryptionEnabled: true,
      transitEncryptionEnabled: true,
      transitEncryptionMode: 'required',
      authToken,
      port: PORT,
      autoMinorVersionUpgrade: true,
      // A cache is warmed by use; a snapshot would bring back what is stale.
      snapshotRetentionLimit: 0,
    });
  }

  #acknowledge(props: CacheProps, token: Secret): void {
    const rotation =
      'A new token means a restart of every task; it is made anew by replacing the cache, which holds nothing of worth.';
    acknowledge(token, { 'AwsSolutions-SMG4': rotation });
    acknowledge(this.url, { 'AwsSolutions-SMG4': `The cache's address with the same token. ${rotation}` });
    acknowledge(this.group, {
      'AwsSolutions-AEC5':
        'One security group reaches the port, inside isolated subnets; another number hides nothing.',
      ...(props.replicas === 0 && {
        'AwsSolutions-AEC4': 'replicas is 0 in this environment: the service works without its cache, only slower.',
      }),
    });
  }
}
