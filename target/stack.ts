/**
 * Starts the service under test and everything it needs on free loopback ports, prints one JSON line when it is ready, and
 * stops it all on SIGTERM, SIGINT, SIGHUP or the end of stdin. See README.md.
 */
import { exitWith } from './failure.ts';
import { onStdinEnd } from './lifeline.ts';
import { parseSeedSize } from './seed/size.ts';
import { startStack } from './stack/start.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const stopped = new AbortController();
  const stop = (): void => stopped.abort();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop);
  // A terminal's stdin ends only with the terminal, which sends SIGHUP; reading it from the background would suspend us.
  if (!process.stdin.isTTY) onStdinEnd(stop);
  const stack = await startStack(parseSeedSize(process.argv.slice(2)), say, stopped.signal);
  if (stack !== undefined) {
    process.stdout.write(`${JSON.stringify(stack.ready)}\n`);
    await whenAborted(stopped.signal);
    say('stopping');
    await stack.stop();
  }
  process.exit(0);
}

async function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

main().catch(exitWith);
