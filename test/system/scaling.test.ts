import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseConfiguration } from '../../lib/environment/parse.ts';
import { exitCodes } from '../../lib/errors.ts';
import { report, summary } from '../lib/scaling/search.ts';
import { CommandLine, type Ended, Workplace } from './command-line.ts';

let workplace: Workplace;
let run: string;

const plimsoll = (...args: readonly string[]): Promise<Ended> => new CommandLine(args).ended;
const read = (name: string): Promise<string> => readFile(join(workplace.path, name), 'utf8');

beforeAll(async () => {
  workplace = await Workplace.make();
  await workplace.write('report.json', JSON.stringify(report));
  run = await workplace.write('summary.json', JSON.stringify(summary));
});
afterAll(() => workplace[Symbol.asyncDispose]());

const HOURS = Array.from({ length: 48 }, (_, hour) => {
  const at = new Date(Date.UTC(2026, 2, 2, hour)).toISOString();
  return `${at},${hour % 24 >= 9 && hour % 24 < 17 ? 800 : 60}`;
});

describe('plimsoll policy', () => {
  test('without --out and --write it shows the changes, and writes nothing', async () => {
    const before = await readFile('config/scaling/staging.yaml', 'utf8');
    const { code, out, err } = await plimsoll('policy', run, '--env', 'staging');
    expect(code).toBe(exitCodes.passed);
    expect(out).toContain('requests.targetPerMinute: 3000 → ');
    expect(err).toContain('Nothing was written');
    expect(await readFile('config/scaling/staging.yaml', 'utf8')).toBe(before);
  });

  test('with --out it writes what the stack takes, an HPA, and the process; simulate takes the policy', async () => {
    const traffic = await workplace.write('hours.csv', ['time,requestsPerSecond', ...HOURS].join('\n'));
    const folder = join(workplace.path, 'policy');
    const { code } = await plimsoll(
      'policy',
      workplace.path,
      '--traffic',
      traffic,
      '--tasks',
      '2',
      '--start-up',
      '45s',
      '--out',
      folder,
    );
    expect(code).toBe(exitCodes.passed);
    const text = await read('policy/staging.yaml');
    const configuration = { path: 'staging', text: await readFile('config/staging.yaml', 'utf8') };
    const { scaling } = parseConfiguration(configuration, { path: 'policy', text });
    expect(scaling.measured).toMatchObject({ run: 'r-1', perTask: { capacityPerSecond: 150, startUpSeconds: 45 } });
    expect(await read('policy/staging.hpa.yaml')).toContain('kind: HorizontalPodAutoscaler');
    expect(await read('policy/scaling-process.md')).toContain('## Minute by minute');
    const simulated = await plimsoll(
      'simulate',
      '--policy',
      join(folder, 'staging.yaml'),
      '--traffic',
      traffic,
      '--run',
      run,
      '--json',
    );
    expect(simulated.code).toBe(exitCodes.passed);
    const { simulation, verification } = JSON.parse(simulated.out) as {
      simulation: Record<string, number>;
      verification: object;
    };
    const { arrivals, served, dropped, queued } = simulation;
    expect((served ?? 0) + (dropped ?? 0) + (queued ?? 0)).toBe(arrivals);
    expect(Object.keys(verification)).toContain('at-maximum');
  });
});

test.each([
  ['a run that is not there', ['policy', 'nowhere'], 'E-CAPACITY-MISSING', exitCodes.usage],
  ['traffic that is not there', ['policy', 'RUN', '--traffic', 'nowhere.csv'], 'E-TRAFFIC-MISSING', exitCodes.usage],
  ['traffic with a gap', ['policy', 'RUN', '--traffic', 'GAP'], 'E-TRAFFIC-INVALID', exitCodes.planInvalid],
  ['a policy that is not there', ['simulate', '--policy', 'nowhere.yaml'], 'E-POLICY-MISSING', exitCodes.usage],
  ['headroom that is no share', ['policy', 'RUN', '--headroom', 'much'], 'E-USAGE', exitCodes.usage],
  [
    'an environment that is not there',
    ['policy', 'RUN', '--env', 'stagin'],
    'E-CONFIGURATION-MISSING',
    exitCodes.usage,
  ],
  [
    'a policy whose min is above its max',
    ['simulate', '--policy', 'BAD', '--traffic', 'global'],
    'E-CONFIGURATION-INVALID',
    exitCodes.planInvalid,
  ],
  ['no traffic', ['simulate', '--policy', 'config/scaling/dev.yaml'], 'E-USAGE', exitCodes.usage],
])('%s: a code and a remedy', async (_, args, code, exit) => {
  const gap = [HOURS[0], HOURS[1], HOURS[4]].join('\n');
  const bad = (await readFile('config/scaling/dev.yaml', 'utf8')).replace('min: 1, max: 4', 'min: 5, max: 4');
  const paths: Readonly<Record<string, string>> = {
    RUN: run,
    GAP: await workplace.write('gap.csv', `time,requestsPerSecond\n${gap}`),
    BAD: await workplace.write('bad.yaml', bad),
  };
  const ended = await plimsoll(...args.map((arg) => paths[arg] ?? arg));
  expect(ended.code).toBe(exit);
  expect(ended.err).toContain(code);
  expect(ended.out).toBe('');
  expect(ended.err).not.toMatch(/^\s+at /m);
});
