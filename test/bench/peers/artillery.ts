import { join } from 'node:path';
import { journey } from '../server/journey.ts';
import { numberAt, scaled, script, type Invocation, type Job, type Peer, type Work } from './peer.ts';

const SCRIPT = 'artillery.json';
const REPORT = 'artillery-report.json';

const get = [{ get: { url: '/' } }];

/** Artillery's own words for the five steps: `capture` takes a value, `expect` of its bundled plugin checks a reply. */
const steps = journey.map(({ method, path, json, token, capture, status, jsonHas }) => ({
  [method]: {
    url: path,
    ...(json !== undefined && { json }),
    ...(token && { headers: { authorization: 'Bearer {{ token }}' } }),
    ...(capture !== undefined && { capture: [{ json: capture.path, as: capture.as }] }),
    expect: [{ statusCode: status }, ...(jsonHas === undefined ? [] : [{ hasProperty: jsonHas }])],
  },
}));

/** At a rate, as many connections as a stall of 5 s needs: fewer, and it would wait for them without telling. */
const poolFor = (work: Work, { users, perSecond }: Job): number =>
  work === 'rate' ? Math.max(users, 5 * perSecond) : users;

function run(work: Work, job: Job): Invocation {
  const { origin, folder, seconds, users, perSecond } = job;
  const closed = { duration: 1, arrivalCount: users };
  const once = work === 'scenario' ? steps : get;
  const content = {
    config: {
      target: origin,
      http: { pool: poolFor(work, job), timeout: 30 },
      processor: script('artillery.cjs'),
      ...(work === 'scenario' && { plugins: { expect: { outputFormat: 'silent' } } }),
      phases: [work === 'rate' ? { duration: seconds, arrivalRate: perSecond } : closed],
    },
    scenarios: [{ engine: 'http', flow: work === 'rate' ? once : [{ loop: once, whileTrue: 'keepGoing' }] }],
  };
  return {
    argv: ['run', '--quiet', '--output', join(folder, REPORT), join(folder, SCRIPT)],
    env: { SECONDS: `${seconds}`, ARTILLERY_DISABLE_TELEMETRY: 'true' },
    report: REPORT,
    files: { [SCRIPT]: JSON.stringify(content) },
  };
}

export const artillery: Peer = {
  name: 'Artillery',
  command: 'artillery',
  install: 'npm install -g artillery',
  versionArgs: ['--version'],
  open: true,
  works: {
    get: (job) => run('get', job),
    scenario: (job) => run('scenario', job),
    rate: (job) => run('rate', job),
  },
  read(text) {
    const result: unknown = JSON.parse(text);
    const counters = (result as { aggregate?: { counters?: Record<string, number> } }).aggregate?.counters ?? {};
    const failed = Object.entries(counters)
      .filter(([name]) => /^errors\.|^http\.codes\.[45]|^plugins\.expect\.failed$/.test(name))
      .reduce((sum, [, count]) => sum + count, 0);
    const at = (name: string): number | undefined =>
      scaled(numberAt(result, 'aggregate', 'summaries', 'http.response_time', name), 1e3);
    return {
      requests: counters['http.responses'] ?? 0,
      failed,
      p50Us: at('p50'),
      p99Us: at('p99'),
      p999Us: at('p999'),
    };
  },
};
