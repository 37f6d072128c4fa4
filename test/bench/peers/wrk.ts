import { numberIn, script, usOf, type Job, type Peer, type Reported } from './peer.ts';

const run = ({ origin, seconds, users }: Job): readonly string[] => [
  '-t1',
  `-c${users}`,
  `-d${seconds}s`,
  '--latency',
  '-s',
  script('wrk.lua'),
  `${origin}/`,
];

/** wrk's and wrk2's output, which differ in what they call the percentiles. */
function read(text: string): Reported {
  const at = (percentile: string): number | undefined => {
    const found = new RegExp(`^ +${percentile}0*% +(\\S+)$`, 'm').exec(text)?.[1];
    return found === undefined ? undefined : usOf(found);
  };
  const bad = /Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1];
  const sockets = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text)?.slice(1) ?? [];
  return {
    requests: numberIn(text, /(\d+) requests in/),
    failed: Number(bad ?? 0) + sockets.reduce((sum, count) => sum + Number(count), 0),
    p50Us: at('50\\.?'),
    p99Us: at('99(?:\\.0+)?'),
    p999Us: /p99\.9 (\d+) us/.test(text) ? numberIn(text, /p99\.9 (\d+) us/) : undefined,
  };
}

export const wrk: Peer = {
  name: 'wrk',
  command: 'wrk',
  install: 'apt-get install wrk',
  versionArgs: ['-v'],
  open: false,
  works: { get: (job) => ({ argv: run(job) }) },
  read,
};

/** Fixed rate over keep-alive connections; corrects for coordinated omission by the intended start. */
export const wrk2: Peer = {
  name: 'wrk2',
  command: 'wrk2',
  install: 'build github.com/giltene/wrk2 with make, and put its wrk on PATH as wrk2',
  versionArgs: ['-v'],
  open: true,
  works: { rate: (job) => ({ argv: [`-R${job.perSecond}`, ...run(job)] }) },
  read,
};
