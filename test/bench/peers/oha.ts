import { numberAt, scaled, type Job, type Peer } from './peer.ts';

const run = ({ seconds, users }: Pick<Job, 'seconds' | 'users'>): readonly string[] => [
  '--no-tui',
  '--output-format',
  'json',
  '-z',
  `${seconds}s`,
  '-c',
  `${users}`,
];

const sum = (pairs: readonly (readonly [string, number])[]): number => pairs.reduce((all, [, n]) => all + n, 0);

export const oha: Peer = {
  name: 'oha',
  command: 'oha',
  install: 'cargo install --locked oha',
  versionArgs: ['--version'],
  open: false,
  works: {
    get: ({ origin, seconds, users }) => ({
      argv: [...run({ seconds, users }), `${origin}/`],
    }),
    rate: ({ origin, seconds, users, perSecond }) => ({
      argv: [...run({ seconds, users }), '-q', `${perSecond}`, '--latency-correction', `${origin}/`],
    }),
  },
  read(text) {
    const result: unknown = JSON.parse(text);
    const statuses = new Map(countsAt(result, 'statusCodeDistribution'));
    const errors = countsAt(result, 'errorDistribution').filter(([kind]) => kind !== 'aborted due to deadline');
    const bad = [...statuses].filter(([status]) => Number(status) >= 400);
    const at = (name: string): number | undefined => scaled(numberAt(result, 'latencyPercentiles', name), 1e6);
    return {
      requests: sum([...statuses]),
      failed: sum(bad) + sum(errors),
      p50Us: at('p50'),
      p99Us: at('p99'),
      p999Us: at('p99.9'),
    };
  },
};

function countsAt(result: unknown, name: string): (readonly [string, number])[] {
  const counts = (result as Record<string, Record<string, number> | undefined>)[name] ?? {};
  return Object.entries(counts);
}
