import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { allSteps, addInterval, emptyInterval, type StepRecord } from '../../../lib/measure/interval.ts';
import type { Ledger } from '../../../lib/measure/ledger.ts';
import type { BodyFiles } from '../../../lib/plan/file-texts.ts';
import { lowerPlan } from '../../../lib/plan/lower.ts';
import type { PlanInput } from '../../../lib/plan/schema.ts';
import { Recorder } from '../../../lib/measure/recorder.ts';
import { phaseClock } from '../../../loadgen/engine/clock.ts';
import { Journey } from '../../../loadgen/engine/journey.ts';
import { compilePrograms } from '../../../loadgen/engine/program.ts';
import { TimerQueue } from '../../../loadgen/engine/timer-queue.ts';
import { User } from '../../../loadgen/engine/user.ts';
import { senderFor } from '../../../loadgen/senders/index.ts';
import { SHARED_POOL } from '../../../loadgen/senders/sender.ts';
import { NodeTimer } from '../engine/node-timer.ts';

/** Which sender: the one for HTTP/1.1, or undici, which speaks that too. */
export const senders = [
  ['lean', false],
  ['undici', true],
] as const;

interface Given {
  readonly target: string;
  readonly plan: Omit<PlanInput, 'name' | 'scenarios' | 'phases'>;
  readonly steps: PlanInput['scenarios'][number]['steps'];
  readonly ca?: string;
  readonly cert?: string;
  readonly files?: BodyFiles;
  /** How often its user takes the journey. */
  readonly times?: number;
}

/** One journey over real sockets, by the real engine; how its requests ended. */
export const journeyOf = async (given: Given): Promise<Ledger> => (await recordOfJourney(given)).ledger;

/** The same, with what else was recorded of them. */
export async function recordOfJourney({
  target,
  plan: rest,
  steps,
  ca,
  cert,
  files = {},
  times = 1,
}: Given): Promise<StepRecord> {
  const input = { ...rest, name: 'one journey', scenarios: [{ name: 'all', steps }], phases: [] };
  const plan = lowerPlan(input, {
    feeders: [],
    files,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
  });
  const total = emptyInterval();
  const clock = phaseClock(Date.now());
  const recorder = new Recorder((_, each) => addInterval(total, each));
  const sender = await senderFor(plan, target);
  const context = {
    clock,
    recorder,
    sender,
    timerQueue: new TimerQueue(clock, new NodeTimer()),
    look: () => ({}),
    over: false,
  };
  const program = compilePrograms(plan, { target: new URL(target), mayLoad: () => false }).ofUser(0);
  const user = new User(0, SHARED_POOL, () => 0.5);
  for (let time = 0; time < times; time += 1)
    await new Promise<void>((ended) => {
      new Journey(context, user, program, { ended: () => ended() }).start(0, clock(), clock());
    });
  sender.close();
  context.timerQueue.close();
  recorder.flush(clock() + 1e6);
  return allSteps(total);
}

type Answer = (requestLine: string) => Buffer;

/** Reads requests without a body, and answers each; what was read stands in `heads`, a byte a letter. */
export class ByteServer {
  readonly heads: string[] = [];
  readonly #answer: Answer;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((socket) => this.#connected(socket));

  constructor(answer: Answer) {
    this.#answer = answer;
  }

  async listen(): Promise<string> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #connected(socket: Socket): void {
    this.#sockets.add(socket);
    let read = '';
    socket
      .on('error', () => undefined)
      .on('data', (bytes) => {
        read += bytes.toString('latin1');
        for (let end = read.indexOf('\r\n\r\n'); end >= 0; end = read.indexOf('\r\n\r\n')) {
          this.heads.push(read.slice(0, end));
          socket.write(this.#answer(read.slice(0, read.indexOf('\r\n'))));
          read = read.slice(end + 4);
        }
      });
  }
}
