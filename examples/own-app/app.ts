/** The CDK application of another team: `npx cdk synth --app "node examples/own-app/app.ts" --output cdk.out/own-app`. */
import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Dashboards } from '../../dashboards/dashboards.ts';
import { ServiceAlarms } from '../../lib/infra/observability/service-alarms.ts';
import { StagingEnvironment, type StagingEnvironmentProps } from '../../lib/infra/staging/staging-environment.ts';

/** Sizes of the environment; every field is documented at its type, and in config/environment.schema.json. */
const shop: StagingEnvironmentProps = {
  availabilityZones: ['us-east-1a', 'us-east-1b'],
  network: { cidr: '10.50.0.0/16', egress: 'nat', natGateways: 1 },
  service: {
    image: { registry: 'public.ecr.aws/docker/library/nginx:1.29' },
    port: 80,
    livePath: '/',
    healthPath: '/',
    architecture: 'arm64',
    cpu: 256,
    memoryMiB: 512,
    poolSize: 5,
    capacity: { fargate: { onDemandBase: 1, spotShare: 0.5 } },
    logRetentionDays: 7,
  },
  database: {
    engineVersion: '17',
    class: 't4g.small',
    multiAz: false,
    storageGiB: 20,
    maxStorageGiB: 50,
    maxConnections: 100,
    backupDays: 1,
    deletionProtection: false,
    proxy: false,
  },
  scaling: {
    format: 'plimsoll.scaling.v1',
    tasks: { min: 2, max: 6 },
    cpu: { targetRatio: 0.6 },
    memory: { targetRatio: 0.75 },
    requests: { targetPerMinute: 1200 },
    cooldown: { outSeconds: 60, inSeconds: 300 },
    schedule: [],
  },
};

/** A stack of one's own with the whole environment in it, from props instead of files. */
export class ShopStack extends Stack {
  readonly staging: StagingEnvironment;
  readonly topic: Topic;
  readonly alarms: ServiceAlarms;
  readonly dashboards: Dashboards;

  constructor(scope: App, id: string) {
    super(scope, id, { env: { region: 'us-east-1' } });
    this.staging = new StagingEnvironment(this, 'Staging', shop);
    const { monitored } = this.staging;
    // Topics that the team has already.
    const page = new Topic(this, 'OnCall', { enforceSSL: true });
    this.topic = new Topic(this, 'Team', { enforceSSL: true });
    const runbooks = 'https://example.org/runbooks';
    this.alarms = new ServiceAlarms(this, 'Alarms', {
      system: monitored,
      topics: { page, notice: this.topic },
      prefix: 'shop',
      runbooks,
    });
    this.dashboards = new Dashboards(this, 'Dashboards', { system: monitored, prefix: 'shop' });
  }
}

if (import.meta.main) {
  const app = new App();
  const { stackName } = new ShopStack(app, 'Shop');
  process.stderr.write(`synthesising ${stackName}\n`);
  app.synth();
}
