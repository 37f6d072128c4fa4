import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { valueAt } from '../../../lib/measure/histogram.ts';
import { median } from '../figures.ts';
import { measuredPhase } from './measured-phase.ts';
import type { OwnRow } from './row.ts';

const RATE = 500;
const ROUNDS = 3;

/** Takes so many seconds of a run, and then nothing more: it hangs up on all that comes, or lets it wait for ever. */
class StoppingReceiver implements AsyncDisposable {
  readonly #server: Server;
  #took = 0;

  constructor(most: number, then: 'hangs up' | 'is silent') {
    this.#server = createServer((request, reply) => {
      request.resume();
      this.#took += 1;
      if (this.#took <= most) reply.writeHead(204).end();
      else if (then === 'hangs up') request.destroy();
    }).listen(0, '127.0.0.1');
  }

  async url(): Promise<string> {
    if (!this.#server.listening) await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** How late arrivals were from the middle of a run on: without outputs, and with two whose readers stop in the middle. */
export async function outputsRow(origin: string, seconds: number): Promise<OwnRow> {
  const plan = {
    name: 'outputs',
    target: origin,
    scenarios: [{ name: 'get', steps: [{ get: '/' }] }],
    phases: [{ name: 'arrivals', kind: 'sustained', duration: `${seconds}s`, open: { rate: RATE } }],
  };
  const middle = Math.floor(seconds / 2);
  const startDelayP99Us = async (...outputs: readonly string[]): Promise<number> =>
    valueAt((await measuredPhase(plan, { from: middle, to: seconds }, outputs)).interval.startDelay, 99);
  const stopping = async (): Promise<number> => {
    await using influx = new StoppingReceiver(middle, 'hangs up');
    await using otlp = new StoppingReceiver(middle, 'is silent');
    return await startDelayP99Us(`influx=${await influx.url()}/write?db=x`, `otlp=${await otlp.url()}`);
  };
  const [without, withStopping]: [number[], number[]] = [[], []];
  // In turn, so that what else goes on meets both; twice as many without, whose spread is the noise.
  for (let round = 0; round < ROUNDS; round += 1) {
    without.push(await startDelayP99Us());
    withStopping.push(await stopping());
    without.push(await startDelayP99Us());
  }
  return rowOf(without, withStopping);
}

function rowOf(without: readonly number[], withStopping: readonly number[]): OwnRow {
  const ms = (us: number): string => (us / 1000).toFixed(2);
  const ratio = median(withStopping) / median(without);
  const [least, most] = [Math.min(...without), Math.max(...without)];
  return {
    name: `start delay p99 at ${RATE}/s, with outputs whose readers stop in mid-run`,
    measured: `${ms(median(withStopping))} ms, ${ratio.toFixed(2)}× the ${ms(median(without))} ms without (${ms(least)}–${ms(most)})`,
    goal: 'within the spread of runs without',
    holds: median(withStopping) <= most,
    figures: { ratio, startDelayP99Us: median(withStopping), withoutUs: median(without), leastUs: least, mostUs: most },
  };
}
