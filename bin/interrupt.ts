import { exitCodes } from '../lib/errors.ts';
import { say } from './say.ts';

/** The first Ctrl-C (or SIGTERM) stops the load in order, and the report is still written; a second one ends at once. */
export function listenForInterrupt(): { signal: AbortSignal; close(): void } {
  const controller = new AbortController();
  const interrupted = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort();
    say('Stopping the load; the report follows. Once more ends at once.');
  };
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  return {
    signal: controller.signal,
    close: () => void process.off('SIGINT', interrupted).off('SIGTERM', interrupted),
  };
}
