import { numberAt, scaled, type Invocation, type Job, type Peer } from './peer.ts';

/** `attack` and `report` are two processes; both are counted, since neither alone is a result. */
function attack({ origin, seconds, users }: Job, rate: number, cap: number): Invocation {
  const load = `-rate=${rate} -duration=${seconds}s -workers=${users} -max-workers=${cap} -connections=${cap}`;
  return { command: 'sh', argv: ['-c', `echo "GET ${origin}/" | vegeta attack ${load} | vegeta report -type=json`] };
}

/** As many as an open model may need at once: a stall of 5 s at the rate. */
const mostWorkers = ({ users, perSecond }: Job): number => Math.max(users, 5 * perSecond);

export const vegeta: Peer = {
  name: 'vegeta',
  command: 'vegeta',
  install: 'go install github.com/tsenart/vegeta/v12@latest',
  versionArgs: ['-version'],
  open: true,
  works: {
    get: (job) => attack(job, 0, job.users),
    rate: (job) => attack(job, job.perSecond, mostWorkers(job)),
  },
  read(text) {
    const result: unknown = JSON.parse(text);
    const requests = numberAt(result, 'requests') ?? 0;
    return {
      requests,
      failed: Math.round(requests * (1 - (numberAt(result, 'success') ?? 0))),
      p50Us: scaled(numberAt(result, 'latencies', '50th'), 1e-3),
      p99Us: scaled(numberAt(result, 'latencies', '99th'), 1e-3),
      p999Us: undefined,
    };
  },
};
