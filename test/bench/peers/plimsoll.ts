import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { journey, type JourneyStep } from '../server/journey.ts';
import { numberAt, type Invocation, type Job, type Peer, type Work } from './peer.ts';

const PLAN = 'plan.yaml';
const OUT = 'plimsoll';
export const COMMAND_LINE = fileURLToPath(new URL('../../../bin/plimsoll.js', import.meta.url));

const get = [{ get: '/' }];

const stepOf = ({ method, path, json, token, capture, status, jsonHas }: JourneyStep): object => ({
  [method]: path,
  ...(json !== undefined && { json }),
  ...(token && { headers: { authorization: 'Bearer {{ token }}' } }),
  ...(capture !== undefined && { capture: { [capture.as]: capture.path } }),
  expect: { status, ...(jsonHas !== undefined && { body: `"${jsonHas}"` }) },
});

const loads = {
  get: ({ users }: Job) => ({ closed: { users } }),
  scenario: ({ users }: Job) => ({ closed: { users } }),
  rate: ({ perSecond }: Job) => ({ open: { rate: perSecond } }),
} satisfies Record<Work, (job: Job) => object>;

/** The real command line with a plan as anybody would write it; JSON is YAML. */
function run(work: Work, job: Job): Invocation {
  const plan = {
    name: 'bench',
    target: job.origin,
    scenarios: [{ name: work, steps: work === 'scenario' ? journey.map(stepOf) : get }],
    phases: [{ name: work, kind: 'sustained', duration: `${job.seconds}s`, ...loads[work](job) }],
  };
  return invocationOf(plan, job.folder);
}

/** Runs any plan into a folder of the job's. */
export const invocationOf = (plan: object, folder: string, outputs: readonly string[] = []): Invocation => ({
  argv: [
    COMMAND_LINE,
    'run',
    join(folder, PLAN),
    '--out',
    join(folder, OUT),
    ...outputs.flatMap((output) => ['--output', output]),
  ],
  report: join(OUT, 'summary.json'),
  files: { [PLAN]: JSON.stringify(plan) },
});

export const plimsoll: Peer = {
  name: 'Plimsoll',
  command: process.execPath,
  install: 'this repository',
  versionArgs: [COMMAND_LINE, '--version'],
  open: true,
  works: {
    get: (job) => run('get', job),
    scenario: (job) => run('scenario', job),
    rate: (job) => run('rate', job),
  },
  read(text) {
    const summary = JSON.parse(text) as { phases: readonly unknown[] };
    const phase = summary.phases.at(-1);
    const ledger = (name: string): number => numberAt(phase, 'ledger', name) ?? 0;
    return {
      requests: ledger('ok') + ledger('failed'),
      failed: ledger('failed') + ledger('timedOut'),
      p50Us: numberAt(phase, 'responseTimeUs', 'p50'),
      p99Us: numberAt(phase, 'responseTimeUs', 'p99'),
      p999Us: numberAt(phase, 'responseTimeUs', 'p999'),
    };
  },
};
