import { scaled, script, type Invocation, type Job, type Peer, type Work } from './peer.ts';

/** Its user waits for its reply, and `constant_throughput` makes up for nothing beyond one iteration. */
function run(work: Work, { origin, seconds, users, perSecond }: Job): Invocation {
  return {
    argv: [
      '--headless',
      '--only-summary',
      '--json',
      '--loglevel',
      'WARNING',
      '--users',
      `${users}`,
      '--spawn-rate',
      `${users}`,
      '--run-time',
      `${seconds}s`,
      '--locustfile',
      script('locustfile.py'),
    ],
    env: { ORIGIN: origin, WORK: work, USERS: `${users}`, RATE: `${perSecond}` },
  };
}

export const locust: Peer = {
  name: 'Locust',
  command: 'locust',
  install: 'pip install locust',
  versionArgs: ['--version'],
  open: false,
  works: {
    get: (job) => run('get', job),
    scenario: (job) => run('scenario', job),
    rate: (job) => run('rate', job),
  },
  read(text) {
    const entries = JSON.parse(text) as readonly Entry[];
    const times = new Map<number, number>();
    for (const [timeMs, count] of entries.flatMap((entry) => Object.entries(entry.response_times))) {
      times.set(Number(timeMs), (times.get(Number(timeMs)) ?? 0) + count);
    }
    const sum = (of: (entry: Entry) => number): number => entries.reduce((all, entry) => all + of(entry), 0);
    const at = (percentile: number): number | undefined => scaled(timeAt(times, percentile), 1e3);
    return {
      requests: sum((entry) => entry.num_requests),
      failed: sum((entry) => entry.num_failures),
      p50Us: at(50),
      p99Us: at(99),
      p999Us: at(99.9),
    };
  },
};

/** One request's row in the output of `--json`. */
interface Entry {
  readonly num_requests: number;
  readonly num_failures: number;
  /** Count by ms; from 100 ms on Locust keeps two digits. */
  readonly response_times: Readonly<Record<string, number>>;
}

function timeAt(times: ReadonlyMap<number, number>, percentile: number): number | undefined {
  const sorted = [...times].sort(([a], [b]) => a - b);
  const rank = Math.ceil((percentile / 100) * sorted.reduce((all, [, count]) => all + count, 0));
  let below = 0;
  return sorted.find(([, count]) => (below += count) >= rank)?.[0];
}
