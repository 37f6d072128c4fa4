import { numberAt, scaled, type Peer } from './peer.ts';

/** Milliseconds, whole ones. With a rate it corrects for coordinated omission by HdrHistogram's filling-in. */
export const autocannon: Peer = {
  name: 'autocannon',
  command: 'autocannon',
  install: 'npm install -g autocannon',
  versionArgs: ['--version'],
  open: false,
  works: {
    get: ({ origin, seconds, users }) => ({ argv: ['-j', '-c', `${users}`, '-d', `${seconds}`, `${origin}/`] }),
    rate: ({ origin, seconds, users, perSecond }) => ({
      argv: ['-j', '-c', `${users}`, '-d', `${seconds}`, '-R', `${perSecond}`, `${origin}/`],
    }),
  },
  read(text) {
    const result: unknown = JSON.parse(text.slice(text.indexOf('{')));
    const count = (name: string): number => numberAt(result, name) ?? 0;
    return {
      requests: numberAt(result, 'requests', 'total') ?? 0,
      failed: count('errors') + count('non2xx'),
      p50Us: scaled(numberAt(result, 'latency', 'p50'), 1e3),
      p99Us: scaled(numberAt(result, 'latency', 'p99'), 1e3),
      p999Us: scaled(numberAt(result, 'latency', 'p99_9'), 1e3),
    };
  },
};
