/**
 * A process beside the service: `burn` takes a core; `throttle PID SHARE` lets another process run for that share of each tenth of
 * a second, as a container's CPU quota does (Linux CFS bandwidth control). It ends with the pipe from the service.
 */
import { onParentGone } from '../lifeline.ts';

const PERIOD_MS = 100;

function burn(): void {
  const until = performance.now() + 20;
  while (performance.now() < until);
  setImmediate(burn);
}

function throttle(pid: number, share: number): void {
  const send = (signal: NodeJS.Signals): void => {
    try {
      process.kill(pid, signal);
    } catch {
      process.exit(0);
    }
  };
  const leave = (): void => {
    send('SIGCONT');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, leave);
  onParentGone(leave);
  setInterval(() => {
    send('SIGCONT');
    setTimeout(() => send('SIGSTOP'), PERIOD_MS * share);
  }, PERIOD_MS);
}

const [what, pid, share] = process.argv.slice(2);
// A process that is stopped does not close its pipe: only its parent may be throttled, so that no other pid is ever signalled.
if (what === 'throttle' && Number(pid) === process.ppid) throttle(Number(pid), Number(share));
else if (what === 'burn') {
  onParentGone(() => process.exit(0));
  burn();
}
