import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { ECSClient, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { S3Store } from '../../../lib/adapters/aws/s3-store.ts';
import { type ErrorCode, errorTable, exitCodes } from '../../../lib/errors.ts';
import { LOCK_KEY, planKey } from '../../../lib/run/archive/keys.ts';
import { textAt } from '../../../lib/run/archive/store.ts';
import { Moto, motoProgram } from '../../lib/adapters/aws/moto.ts';
import { CommandLine, type Ended, Workplace } from '../command-line.ts';
import { RunInStore } from './run-in-store.ts';

const program = motoProgram();
const whereMotoIs = program === undefined ? describe.skip : describe;

const STACK = 'plimsoll-staging-load-test';
const PLAN = `name: shop
scenarios: [{ name: all, steps: [{ get: "/{{ users.id }}" }] }]
feeders: { users: { file: users.csv } }
phases:
  - { name: warm, kind: warm-up, duration: 59m, open: { rate: 5 } }
  - { name: main, kind: sustained, duration: 2m, open: { rate: 5 } }
`;

let moto: Moto;
let place: Workplace;
let store: S3Store;
let sfn: SFNClient;
let stateMachineArn = '';

const command = (...args: readonly string[]): CommandLine =>
  new CommandLine(['cloud', ...args], { env: moto.environment });
const cloud = (...args: readonly string[]): Promise<Ended> => command(...args).ended;
const executions = async (): Promise<number> =>
  (await sfn.send(new ListExecutionsCommand({ stateMachineArn }))).executions?.length ?? 0;

whereMotoIs('the command line of the cloud, against moto', () => {
  beforeAll(async () => {
    moto = await Moto.start(program ?? '');
    place = await Workplace.make();
    const s3 = new S3Client({ ...moto.clientConfig, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'results' }));
    store = new S3Store(s3, { bucket: 'results', prefix: '' });
    sfn = new SFNClient(moto.clientConfig);
    const definition = JSON.stringify({ StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 600, End: true } } });
    const roleArn = 'arn:aws:iam::123456789012:role/workflow';
    ({ stateMachineArn = '' } = await sfn.send(new CreateStateMachineCommand({ name: STACK, definition, roleArn })));
    await new ECSClient(moto.clientConfig).send(
      new RegisterTaskDefinitionCommand({
        family: 'plimsollstagingloadtestLoadTestGeneratorTaskB3E3BB1A',
        containerDefinitions: [
          {
            name: 'generator',
            image: 'generator',
            memory: 128,
            environment: [{ name: 'PLIMSOLL_STORE', value: 's3://results' }],
          },
        ],
      }),
    );
    await place.write('shop.yaml', PLAN);
    await place.write('users.csv', 'id\n1\n2\n');
  });

  afterAll(async () => {
    await moto.stop();
    await place[Symbol.asyncDispose]();
  });

  test('nothing is uploaded or started where nobody can be asked', async () => {
    const { code, out, err } = await cloud('start', `${place.path}/shop.yaml`, '--env', 'staging');
    expect({ code, out }).toEqual({ code: exitCodes.usage, out: '' });
    expect(err).toContain('E-CLOUD-UNCONFIRMED');
    expect(await executions()).toBe(0);
    expect(await textAt(store, planKey('shop'))).toBeUndefined();
  });

  test('start uploads the plan with its files, says cost and console, and starts it; stop ends it', async () => {
    const { code, out, err } = await cloud(
      'start',
      `${place.path}/shop.yaml`,
      '--env',
      'staging',
      '--phase',
      'warm',
      '--yes',
    );
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('shop: 1 phase, 59 min of load') });
    // 4 workers of 1 vCPU and 2 GiB for 59 min and one to start, and a collector of a quarter of one: 4.25 × 0.03238 + 8.5 × 0.00356 = 0.168.
    expect(err).toContain('4.25 vCPU-hours and 8.5 GB-hours of Fargate, about $0.17 (');
    const executionArn = out.trim();
    expect(executionArn).toMatch(/^arn:aws:states:us-east-1:123456789012:execution:plimsoll-staging-load-test:shop-20/);
    expect(err).toContain(
      `https://us-east-1.console.aws.amazon.com/states/home?region=us-east-1#/v2/executions/details/${executionArn}`,
    );
    expect(await textAt(store, planKey('shop'))).toBe(PLAN);
    expect(await textAt(store, 'plans/users.csv')).toBe('id\n1\n2\n');
    const { input } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    expect(JSON.parse(input ?? '')).toEqual({ plan: 'shop', phases: ['warm'] });

    const name = executionArn.split(':').at(-1) ?? '';
    const watching = command('watch', name, '--env', 'staging');
    await watching.said('The checklist is gone through');
    expect(await cloud('stop', name, '--env', 'staging')).toMatchObject({
      code: 0,
      err: expect.stringContaining('It is over; nothing was loaded yet.'),
    });
    // moto keeps neither error nor cause of a stop; the status is enough.
    expect(await watching.ended).toMatchObject({
      code: exitCodes.cloudFailed,
      err: expect.stringContaining('The execution ended without a report: ABORTED'),
    });
    expect((await cloud('stop', name, '--env', 'staging')).err).toContain('is over already');
  });

  test('what the bucket has already is not uploaded again, and a name is enough', async () => {
    const { err } = await cloud('start', 'shop', '--env', 'staging');
    expect(err).toContain('shop: 2 phases, 1 h 1 min of load');
    expect(err).not.toContain('Upload:');
    expect((await cloud('start', `${place.path}/shop.yaml`, '--env', 'staging')).err).not.toContain('Upload:');
  });

  test('stop waits until the run has let go of its lock; a second run is refused until then', async () => {
    const { out } = await cloud('start', 'shop', '--env', 'staging', '--yes');
    const props = { id: '2026-01-01T00-00-00Z-shop', store, address: 's3://results', target: 'http://127.0.0.1:1' };
    const run = new RunInStore({ ...props, execution: out.trim() });
    const phases = [{ name: 'only', kind: 'sustained', duration: '1m', open: { rate: 1 } } as const];
    await run.prepare({ scenarios: [{ name: 'one', steps: [{ get: '/' }] }], phases });
    const before = await executions();
    const second = await cloud('start', 'shop', '--env', 'staging', '--yes');
    expect(second).toMatchObject({ code: exitCodes.usage, err: expect.stringContaining('E-RUN-IN-PROGRESS') });
    expect(await executions()).toBe(before);

    const stopping = command('stop', '--env', 'staging');
    await stopping.said('waiting until its tasks are gone');
    let isOver = false;
    void stopping.ended.then(() => (isOver = true));
    // The listing takes longer than a poll of the waiting command.
    expect((await cloud('list', '--env', 'staging')).out).toContain('running  plan of 2026-01-01T00-00-00Z-shop');
    expect(isOver).toBe(false);
    await run.report('plimsoll cloud stop');
    expect(await stopping.ended).toMatchObject({
      code: 0,
      err: expect.stringContaining('plimsoll cloud report 2026-01-01T00-00-00Z-shop --env staging'),
    });
    expect((await cloud('watch', '--env', 'staging')).code).toBe(exitCodes.interrupted);
  });

  test('what is still at its checklist is what runs, until it is stopped; then the newest run is meant again', async () => {
    const execution = (await cloud('start', 'shop', '--env', 'staging', '--yes')).out.trim();
    await store.put(LOCK_KEY, JSON.stringify({ execution, run: '2026-01-02T00-00-00Z-shop' }));
    const { err } = await cloud('stop', '--env', 'staging');
    expect(err).toContain('It is over; nothing was loaded yet.');
    const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn: execution }));
    expect(status).toBe('ABORTED');
    expect((await cloud('stop', '--env', 'staging')).err).toBe(
      'The newest run, 2026-01-01T00-00-00Z-shop, is over already; name one that was just started.\n',
    );
  });

  const cases: readonly [what: string, args: readonly string[], code: ErrorCode, says: string][] = [
    ['no environment', ['list'], 'E-CONFIGURATION-MISSING', 'there are dev, perf, staging'],
    ['an unknown environment', ['list', '--env', 'stagin'], 'E-CONFIGURATION-MISSING', 'did you mean staging?'],
    ['an environment that is not deployed', ['list', '--env', 'dev'], 'E-CLOUD-MISSING', 'plimsoll-dev-load-test'],
    ['an unknown plan', ['start', 'shpo', '--env', 'staging', '--yes'], 'E-PLAN-MISSING', 'did you mean shop?'],
    ['no such file', ['start', 'no/where.yaml', '--env', 'staging', '--yes'], 'E-PLAN-MISSING', 'no/where.yaml'],
    [
      'an unknown phase',
      ['start', 'shop', '--env', 'staging', '--phase', 'wram'],
      'E-INPUT-INVALID',
      'did you mean warm',
    ],
    ['a name that none can have', ['start', 'a b', '--env', 'staging'], 'E-INPUT-INVALID', 'is no name of a plan'],
    ['no such run', ['watch', 'nobody', '--env', 'staging'], 'E-CLOUD-RUN-MISSING', 'There is no run nobody.'],
    ['no such execution', ['stop', 'x:y', '--env', 'staging'], 'E-CLOUD-RUN-MISSING', 'There is no run x:y.'],
    ['a missing bucket', ['list', '--bucket', 'nowhere'], 'E-STORE', 'There is no bucket nowhere.'],
    ['no address of a store', ['list', '--bucket', 'ftp://x'], 'E-STORE', 's3://bucket/prefix'],
    ['no ARN', ['list', '--bucket', 'results', '--state-machine', 'x'], 'E-USAGE', 'stateMachine:NAME'],
  ];
  test.each(cases)('%s: code, sentence and remedy, and nothing is started', async (_, args, code, says) => {
    const before = await executions();
    const ended = await cloud(...args);
    expect(ended.err).toContain(`${code}: `);
    expect(ended.err).toContain(says);
    expect(ended.err).toContain(errorTable[code].remedy);
    expect(ended).toMatchObject({ code: exitCodes[errorTable[code].exit], out: '' });
    expect(ended.err).not.toMatch(/^\s+at /m);
    expect(await executions()).toBe(before);
  });

  test.each([
    ['far.yaml', (plan: string) => plan.replace(/^name:/m, 'target: https://example.org\nname:'), 'E-TARGET-REFUSED'],
    ['long.yaml', (plan: string) => plan.replace(/duration: \w+/, 'duration: 12h'), 'E-PLAN-TOO-LONG'],
    ['of shop.v2.yaml', (plan: string) => plan, 'E-PLAN-MISSING'],
  ] as const)(
    '%s: what the first step would refuse is refused here, and nothing is asked',
    async (file, change, code) => {
      const path = await place.write(file, change(PLAN));
      const { err } = await cloud('start', path, '--env', 'staging');
      expect(err).toContain(`${code}: `);
      expect(err).not.toContain('Console:');
    },
  );

  test('an invalid plan is told as validate tells it', async () => {
    const path = await place.write('wrong.yaml', PLAN.replace('sustained', 'sustaned'));
    const validated = await new CommandLine(['validate', path]).ended;
    expect(validated.err).toContain('sustaned');
    expect(await cloud('start', path, '--env', 'staging', '--yes')).toEqual(validated);
  });
});
