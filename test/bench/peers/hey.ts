import { numberIn, type Job, type Peer } from './peer.ts';

/** Its rate is one a worker, so workers × rate is what is asked for; a worker waits for its reply. */
const workersFor = ({ users, perSecond }: Job): number => Math.min(users, perSecond);

const total = (rows: readonly RegExpExecArray[], group: number): number =>
  rows.reduce((sum, row) => sum + Number(row[group]), 0);

export const hey: Peer = {
  name: 'hey',
  command: 'hey',
  install: 'go install github.com/rakyll/hey@latest',
  versionArgs: [],
  open: false,
  works: {
    get: ({ origin, seconds, users }) => ({ argv: ['-z', `${seconds}s`, '-c', `${users}`, `${origin}/`] }),
    rate: (job) => {
      const workers = workersFor(job);
      const each = job.perSecond / workers;
      return { argv: ['-z', `${job.seconds}s`, '-c', `${workers}`, '-q', `${each}`, `${job.origin}/`] };
    },
  },
  read(text) {
    const statuses = Array.from(text.matchAll(/^ +\[(\d{3})\]\s+(\d+) responses/gm));
    const errors = Array.from(text.matchAll(/^ +\[(\d+)\]\s+(?!\d+ responses)\S/gm));
    const bad = statuses.filter(([, status]) => Number(status) >= 400);
    const at = (percentile: number): number => numberIn(text, new RegExp(`^ +${percentile}%+ in ([\\d.]+) secs`, 'm'));
    return {
      requests: total(statuses, 2),
      failed: total(bad, 2) + total(errors, 1),
      p50Us: at(50) * 1e6,
      p99Us: at(99) * 1e6,
      p999Us: undefined,
    };
  },
};
