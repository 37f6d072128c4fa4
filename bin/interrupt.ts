import { exitCodes } from '../lib/errors.ts';
import { say } from './say.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The first Ctrl-C (SIGTERM, or SIGHUP of a terminal that closes) stops the load in order, and the report is still written; a second one ends at once. */
export function listenForInterrupt(): { signal: AbortSignal; close(): void } {
  const controller = new AbortController();
  const interrupted = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort();
    say('Stopping the load; the report follows. Once more ends at once.');
  };
  for (const name of SIGNALS) process.on(name, interrupted);
  return {
    signal: controller.signal,
    close: () => {
      for (const name of SIGNALS) process.off(name, interrupted);
    },
  };
}
