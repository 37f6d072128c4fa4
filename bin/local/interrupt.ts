import { exitCodes } from '../../lib/errors.ts';
import { printMessage } from '../terminal.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The first Ctrl-C (SIGTERM, or SIGHUP of a terminal that closes) stops the load and says what follows, a report by default; a second one ends the process at once. */
export function listenForInterrupt(says = 'Stopping the load; the report follows.'): {
  signal: AbortSignal;
  close(): void;
} {
  const controller = new AbortController();
  const interrupted = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort();
    printMessage(`${says} Once more ends at once.`);
  };
  for (const name of SIGNALS) process.on(name, interrupted);
  return {
    signal: controller.signal,
    close: () => {
      for (const name of SIGNALS) process.off(name, interrupted);
    },
  };
}
