import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeInterval } from '../../../lib/measure/codec.ts';
import { encodeInterval } from '../../../lib/measure/encode.ts';
import { merge, type Interval } from '../../../lib/measure/interval.ts';
import { planSteps, type Plan } from '../../../lib/plan/plan.ts';
import { runPhase } from '../../../loadgen/engine/phase.ts';
import { beginHooks } from '../../../loadgen/hooks/begin.ts';
import { Http1Sender } from '../../../loadgen/senders/http1/sender.ts';
import { NodeTimer } from '../engine/node-timer.ts';

export interface Seen {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that writes down what it is asked for, and modules beside each other in a folder. */
export class HookedRuns implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'plimsoll-hooks-'));
  readonly #server: Server;
  seen: Seen[] = [];

  private constructor() {
    this.#server = createServer((request, reply) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method, url, headers } = request;
        this.seen.push({ line: `${method} ${url}`, headers, body: Buffer.concat(chunks).toString() });
        reply.setHeader('content-type', 'application/json');
        reply.end(JSON.stringify({ token: 'tok', id: 7, n: this.seen.length }));
      });
    }).listen(0, '127.0.0.1');
  }

  static async begin(): Promise<HookedRuns> {
    const runs = new HookedRuns();
    await once(runs.#server, 'listening');
    return runs;
  }

  get target(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get lines(): string[] {
    return this.seen.map(({ line }) => line);
  }

  write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** So many arrivals at once go through the plan's journeys; it ends with the last of them. */
  async run(plan: Plan, arrivals = 1): Promise<Interval> {
    this.seen = [];
    const [phase] = plan.phases;
    if (phase === undefined) throw new Error('a plan has a phase');
    const hooks = await beginHooks(plan, this.target);
    const sender = new Http1Sender(plan);
    const timer = new NodeTimer();
    const done = new AbortController();
    const intervals: Interval[] = [];
    let ended = 0;
    const segments = [
      { durationUs: 1000, from: arrivals * 1000, to: arrivals * 1000 },
      { durationUs: 20e6, from: 0, to: 0 },
    ];
    await runPhase(
      {
        plan,
        phase: { ...phase, segments, durationUs: 20.001e6 },
        number: 0,
        target: this.target,
        share: { index: 0, of: 1 },
        startAtMs: Date.now(),
      },
      {
        sender,
        timer,
        hooks: hooks && {
          call: (call, user, settled) => hooks.call(call, user, settled),
          leave: (user) => {
            hooks.leave(user);
            ended += 1;
            if (ended === arrivals) setImmediate(() => done.abort());
          },
        },
        signal: done.signal,
        onInterval: (second, interval) =>
          intervals.push(decodeInterval(encodeInterval({ phase: 0, worker: 0, second }, interval))),
      },
    );
    sender.close();
    timer.close();
    await hooks?.close();
    return merge(intervals);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    rmSync(this.folder, { recursive: true, force: true });
    await Promise.resolve();
  }
}

/** Of a run, the ledger of each step by its name. */
export const ledgersOf = (plan: Plan, { steps }: Interval) =>
  Object.fromEntries(Array.from(steps, ([number, { ledger }]) => [planSteps(plan)[number]?.step.name, ledger]));
