/** The same application with load tests of the environment: `npx cdk synth --app "node examples/own-app/load-test.ts" --output cdk.out/own-app`. */
import { App } from 'aws-cdk-lib';
import { LoadTest } from '../../lib/infra/load-test/load-test.ts';
import { ShopStack } from './app.ts';

const app = new App();
const shop = new ShopStack(app, 'Shop');
const { network, balancer, service, cluster, database, address, monitored } = shop.staging;

const { workflow } = new LoadTest(shop, 'LoadTest', {
  prefix: 'shop',
  version: '1.0.0',
  // The generators, and how long they may load.
  workers: 2,
  cpu: 1024,
  memoryMiB: 2048,
  spot: true,
  maxHours: 3,
  resultDays: 30,
  logRetentionDays: 7,
  schedule: [],
  // Where they stand, and what they load: nothing but the balancer that is built here.
  vpc: network.vpc,
  subnets: network.workers,
  clients: balancer.clients,
  target: address,
  healthPath: '/',
  allow: { hosts: [balancer.host], production: [] },
  // What the checklist looks at, and what ends a run.
  monitored,
  system: {
    service: { cluster: cluster.cluster.clusterName, name: service.workload.service.serviceName },
    targetGroupArn: service.targets.targetGroupArn,
    loadBalancerArn: balancer.balancer.loadBalancerArn,
    databaseId: database.instance.instanceIdentifier,
  },
  mayBeClustered: false,
  versions: [{ product: 'postgresql', version: '17' }],
  alarms: shop.alarms.ids,
  stopOnAlarms: ['users-are-hurt'],
  topicArn: shop.topic.topicArn,
});
// aws stepfunctions start-execution --state-machine-arn … --input '{"plan":"NAME"}'
shop.exportValue(workflow.stateMachineArn, { name: 'ShopLoadTest' });
app.synth();
