import type { Outcome, Sample } from '../../lib/measure/recorder.ts';
import { storeCookies, withCookies } from './cookies.ts';
import type { User } from './user.ts';
import type { Sleeper } from './timer-queue.ts';
import { withTraceId } from '../senders/traces.ts';
import type { Op } from './compile.ts';
import { callWith, prepareWith, recordHooks, type Ask, type Done, type HooksEnd } from '../hooks/asking.ts';
import { newTurns, thinkLeftUs, type PhaseContext, type Program } from './program.ts';
import { NoRequest } from './no-request.ts';
import type { Exchange, Outgoing, Reply, Settlement } from '../senders/sender.ts';

type SendOp = Extract<Op, { op: 'send' }>;

interface Sent extends Pick<Sample, 'sentUs' | 'transfer'> {
  readonly op: SendOp;
  /** Without its cookies. */
  readonly request?: Outgoing;
  readonly outgoing?: Outgoing;
  /** How many redirects led to it. */
  readonly hops: number;
}

/** Beyond so many it is a circle. */
const MOST_HOPS = 10;

export type JourneyEnd = 'completed' | 'abandoned' | 'cut';

interface JourneyOwner {
  ended(end: JourneyEnd, nowUs: number): void;
  /** It has sent so many requests since its beginning. */
  sent?(requests: number): void;
  /** How long the user rests once a request has failed, before the journey ends; without it the journey ends at once. */
  restUs?(): number;
}

/** A user's way through a program, which it may go again once it has ended: it goes from op to op until one has to wait, and goes on when that is over. */
export class Journey implements Sleeper {
  readonly #context: PhaseContext;
  readonly #user: User;
  readonly #program: Program;
  readonly #owner: JourneyOwner;
  readonly #turns: number[];
  #at: number;
  #intendedUs = 0;
  #requests = 0;
  #exchange: Exchange | undefined;
  #pausing = false;
  #failed = false;
  #over = false;

  constructor(context: PhaseContext, user: User, program: Program, owner: JourneyOwner) {
    this.#context = context;
    this.#user = user;
    this.#program = program;
    this.#owner = owner;
    this.#turns = newTurns(program);
    this.#at = program.iteration;
  }

  /** Begins at op `at` and time `nowUs`; `intendedUs` is the first request's intended start. */
  start(at: number, intendedUs: number, nowUs: number): void {
    this.#at = at;
    this.#intendedUs = intendedUs;
    this.#requests = 0;
    this.#over = false;
    this.#failed = false;
    this.#turns.fill(0);
    this.#advance(nowUs);
  }

  /** Sent since it began. */
  get requests(): number {
    return this.#requests;
  }

  /** How far it came: an `onStart` that was passed need not run again. */
  get at(): number {
    return this.#at;
  }

  /** Pauses that were still to come when a request failed, in µs, as they would have been taken. */
  thinkLeftUs(): number {
    return thinkLeftUs(this.#program, this.#at + 1, this.#user, this.#turns);
  }

  /** The phase is over: a pause ends the journey now, a request under way may still come to its end. */
  stopWaiting(): void {
    if (this.#pausing) this.#end('cut', this.#context.clock());
  }

  /** Ends the journey and its request now. */
  abort(): void {
    if (this.#exchange === undefined) this.#end('cut', this.#context.clock());
    else this.#exchange.cut();
  }

  #advance(nowUs: number): void {
    for (;;) {
      const op = this.#program.ops[this.#at];
      if (op === undefined) return this.#end('completed', nowUs);
      if (this.#context.over) return this.#end('cut', nowUs);
      if (op.op === 'send') {
        const { hooked } = op;
        if (hooked === undefined) return this.#send(op, op.request(this.#user), 0);
        const prepare = prepareWith(this.#context, hooked, this.#user);
        return this.#ask(op.step, prepare, ({ request }) => this.#send(op, request, 0));
      }
      if (op.op === 'call') return this.#call(op);
      if (op.op === 'wait') return this.#pause(op.us(this.#user));
      this.#at = op.next(this.#user, this.#turns);
    }
  }

  #pause(us: number): void {
    const { clock, timerQueue } = this.#context;
    // What comes next is meant for the pause's end, however late it begins.
    this.#intendedUs = clock() + us;
    this.#pausing = true;
    timerQueue.add(this);
  }

  /** When a pause ends. */
  get atUs(): number {
    return this.#intendedUs;
  }

  wake(nowUs: number): void {
    if (!this.#pausing) return;
    if (this.#failed) return this.#end('abandoned', nowUs);
    this.#pausing = false;
    this.#context.recorder.startDelay(nowUs, nowUs - this.#intendedUs);
    this.#proceed(this.#intendedUs, nowUs);
  }

  #call({ call, into }: Extract<Op, { op: 'call' }>): void {
    this.#ask(call.step, callWith(this.#context, call, this.#user), ({ values: [answer] }, nowUs) => {
      if (into !== undefined) this.#user.variables.set(into, answer ?? false);
      this.#proceed(this.#intendedUs, nowUs);
    });
  }

  /** Goes on when hooks have come to their end. What they awaited is like a pause, and the rest the generator's own lateness. */
  #ask<End extends HooksEnd>(step: number, start: Ask<End>, then: (done: Done<End>, nowUs: number) => void): void {
    this.#exchange = start((end) => {
      const nowUs = recordHooks(this.#context, step, end);
      this.#exchange = undefined;
      this.#intendedUs = Math.min(nowUs, this.#intendedUs + end.awaitedUs);
      if (end.is === 'failed') this.#fail(nowUs);
      else if (end.is === 'cut' || this.#context.over) this.#end('cut', nowUs);
      else {
        this.#context.recorder.startDelay(nowUs, nowUs - this.#intendedUs);
        then(end as Done<End>, nowUs);
      }
      this.#context.timerQueue.wakeDue(nowUs);
    });
  }

  #send(op: SendOp, request: Outgoing | NoRequest, hops: number): void {
    const { clock, recorder, sender, traces } = this.#context;
    const sentUs = clock();
    recorder.sent(sentUs, op.step);
    this.#requests += 1;
    this.#owner.sent?.(this.#requests);
    if (request instanceof NoRequest) {
      const settlement = { failure: 'request', detail: request.reason } as const;
      // Later, so that users whose every request is unusable leave the event loop room for anything else.
      return void setImmediate(() => this.#settle({ op, sentUs, hops }, settlement));
    }
    const withOwn = withCookies(request, this.#user);
    const outgoing = traces === undefined ? withOwn : traces.mark(withOwn);
    this.#exchange = sender.send(outgoing, this.#user.poolKey, (settlement, transfer) =>
      this.#settle({ op, sentUs, request, outgoing, hops, transfer }, settlement),
    );
  }

  #settle(sent: Sent, settlement: Settlement): void {
    const endedUs = this.#context.clock();
    this.#exchange = undefined;
    if (!('reply' in settlement)) {
      this.#record(sent, endedUs, settlement.failure, settlement.detail);
      if (settlement.failure === 'cut') this.#end('cut', endedUs);
      else this.#fail(endedUs);
    } else {
      const { reply } = settlement;
      if (sent.outgoing !== undefined) storeCookies(reply, sent.outgoing, this.#user);
      const { op, request } = sent;
      const next = request !== undefined && op.redirect !== undefined && op.redirect(request, reply);
      if (next !== false) this.#follow(sent, next, endedUs);
      else this.#judge(sent, reply, endedUs);
    }
    this.#context.timerQueue.wakeDue(endedUs);
  }

  #judge(sent: Sent, reply: Reply, endedUs: number): void {
    const { op, outgoing } = sent;
    const tookUs = endedUs - this.#intendedUs;
    const lacks = op.goOn?.(reply, tookUs, this.#user, outgoing);
    const failure = op.judge(reply, tookUs, this.#user, outgoing) ?? lacks;
    this.#context.judged?.(op.step, { reply, tookUs, user: this.#user, failure });
    this.#record(sent, endedUs, failure ?? 'ok', failure === undefined ? undefined : reply);
    const after = op.hooked?.after;
    if (failure !== undefined && (op.goOn === undefined || lacks !== undefined)) this.#fail(endedUs);
    else if (after === undefined) this.#proceed(endedUs, endedUs);
    else {
      this.#intendedUs = endedUs;
      const call = callWith(this.#context, after(outgoing, reply), this.#user);
      this.#ask(op.step, call, (_, nowUs) => this.#proceed(this.#intendedUs, nowUs));
    }
  }

  /** A redirect is the whole of a request, and what it asks for is the next one. */
  #follow(sent: Sent, next: Outgoing | NoRequest, endedUs: number): void {
    const circles = sent.hops === MOST_HOPS;
    this.#record(sent, endedUs, circles ? 'redirects' : 'ok');
    if (circles) return this.#fail(endedUs);
    if (this.#context.over) return this.#end('cut', endedUs);
    this.#intendedUs = endedUs;
    this.#send(sent.op, next, sent.hops + 1);
  }

  /** `said`: of a failure what the system said of it, or the reply. */
  #record({ op, sentUs, outgoing, transfer }: Sent, endedUs: number, outcome: Outcome, said?: string | Reply): void {
    const { recorder, traces, look } = this.#context;
    const text = typeof said === 'object' ? undefined : said;
    const detail = traces === undefined || outcome === 'ok' ? text : withTraceId(text, outgoing);
    const own = typeof said === 'object' ? () => look(said, outgoing, this.#user) : undefined;
    const intendedUs = this.#intendedUs;
    recorder.ended({ step: op.step, intendedUs, sentUs, endedUs, outcome, transfer, detail, look: own });
  }

  #fail(nowUs: number): void {
    const restUs = this.#context.over ? 0 : (this.#owner.restUs?.() ?? 0);
    this.#failed = true;
    if (restUs > 0) this.#pause(restUs);
    else this.#end('abandoned', nowUs);
  }

  #proceed(intendedUs: number, nowUs: number): void {
    this.#intendedUs = intendedUs;
    this.#at += 1;
    this.#advance(nowUs);
  }

  #end(end: JourneyEnd, nowUs: number): void {
    if (this.#over) return;
    this.#over = true;
    this.#pausing = false;
    this.#owner.ended(this.#failed ? 'abandoned' : end, nowUs);
  }
}
