import { join } from 'node:path';
import { numberAt, scaled, script, type Invocation, type Job, type Peer, type Work } from './peer.ts';

const REPORT = 'k6.json';

function run(work: Work, { origin, folder, seconds, users, perSecond }: Job): Invocation {
  return {
    argv: ['run', '--quiet', '--no-usage-report', '--summary-export', join(folder, REPORT), script('k6.js')],
    env: { ORIGIN: origin, WORK: work, SECONDS: `${seconds}`, USERS: `${users}`, RATE: `${perSecond}` },
    report: REPORT,
  };
}

export const k6: Peer = {
  name: 'k6',
  command: 'k6',
  install: 'go install go.k6.io/k6@latest',
  versionArgs: ['version'],
  open: true,
  works: {
    get: (job) => run('get', job),
    scenario: (job) => run('scenario', job),
    rate: (job) => run('rate', job),
  },
  read(text) {
    const result: unknown = JSON.parse(text);
    const duration = (name: string): number | undefined =>
      scaled(numberAt(result, 'metrics', 'http_req_duration', name), 1e3);
    return {
      requests: numberAt(result, 'metrics', 'http_reqs', 'count') ?? 0,
      failed:
        (numberAt(result, 'metrics', 'http_req_failed', 'passes') ?? 0) +
        (numberAt(result, 'metrics', 'checks', 'fails') ?? 0),
      p50Us: duration('med'),
      p99Us: duration('p(99)'),
      p999Us: duration('p(99.9)'),
    };
  },
};
