import { Worker } from 'node:worker_threads';
import { asCodeValues } from '../../lib/document/exact-json.ts';
import { PlimsollError } from '../../lib/errors.ts';
import type { PlanHooks } from '../../lib/plan/steps/hooks.ts';
import { formatUs } from '../../lib/units.ts';
import type { HookCall, HookEnd, Hooks } from './port.ts';
import type { Constants } from '../engine/render.ts';
import type { User, Value } from '../engine/user.ts';
import type { Exchange } from '../senders/sender.ts';
import { BEAT_MS, signalsIn, type Called, type FromHooks, type HookSetting, type ToHooks } from './messages.ts';
import { seenReply, seenRequest } from './seen.ts';
import { Sessions } from './sessions.ts';

/** Of a module that is loaded: a call of it may take less. */
const LOAD_MS = 10_000;

/** How often calls that have taken too long are looked for. */
const LOOK_MS = 25;

/** A thread that shows no life for so long is blocked. */
const SILENT_MS = 4 * BEAT_MS;

type CallMessage = Extract<ToHooks, { readonly do: 'call' }>;

interface Pending {
  readonly call: HookCall;
  readonly user: User;
  readonly message: CallMessage;
  readonly settled: (end: HookEnd) => void;
  /** ms; when it was first seen to have begun. */
  begunMs?: number;
}

/**
 * Calls a plan's own code in a thread of its own, so that code which blocks, or never comes to an end, delays no request that is under
 * way: its thread is ended, and another one begins with the variables that the generator knows.
 */
export class HookThread implements Hooks {
  readonly #hooks: PlanHooks;
  readonly #setting: Omit<HookSetting, 'signals'>;
  readonly #pending = new Map<number, Pending>();
  readonly #sessions: Sessions;
  #worker: Worker;
  #signals: ReturnType<typeof signalsIn>;
  #beat = { count: 0, atMs: 0 };
  #number = 0;
  #looking: NodeJS.Timeout | undefined;
  #isClosed = false;

  private constructor(hooks: PlanHooks, setting: Omit<HookSetting, 'signals'>, constants: Constants) {
    this.#hooks = hooks;
    this.#setting = setting;
    this.#sessions = new Sessions(constants);
    [this.#worker, this.#signals] = this.#start();
  }

  /** @throws PlimsollError E-HOOKS where the module can't be loaded, or lacks a function */
  static async begin(
    hooks: PlanHooks,
    setting: Omit<HookSetting, 'signals'>,
    constants: Constants,
  ): Promise<HookThread> {
    const thread = new HookThread(hooks, setting, constants);
    const why = await thread.#loaded();
    if (why === undefined) return thread;
    await thread.close();
    throw new PlimsollError('E-HOOKS', `${hooks.module}: ${why}.`);
  }

  call(call: HookCall, user: User, settled: (end: HookEnd) => void): Exchange {
    const number = ++this.#number;
    const message: CallMessage = {
      do: 'call',
      number,
      place: call.place,
      names: call.names,
      step: call.step,
      user: this.#sessions.idOf(user),
      userNumber: user.number,
      iteration: user.iteration,
      variables: this.#sessions.changed(user),
      ...(call.request !== undefined && { request: seenRequest(call.request) }),
      ...(call.reply !== undefined && { reply: seenReply(call.reply) }),
      ...(call.args !== undefined && { args: call.args.map((args) => args.map(asCodeValues)) }),
    };
    this.#pending.set(number, { call, user, message, settled });
    this.#post(message);
    this.#looking ??= setInterval(() => this.#look(), LOOK_MS);
    return { cut: () => this.#settle(number, { is: 'cut', calls: [], awaitedUs: 0 }) };
  }

  leave(user: User): void {
    const id = this.#sessions.end(user);
    if (id !== undefined) this.#post({ do: 'forget', user: id });
  }

  /** Users of a phase that is over are not called for again. */
  forgetAll(): void {
    for (const user of this.#sessions.users) this.leave(user);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#looking);
    await this.#worker.terminate();
  }

  #start(): [Worker, ReturnType<typeof signalsIn>] {
    const memory = new SharedArrayBuffer(12);
    const setting: HookSetting = { ...this.#setting, signals: memory };
    const env = this.#hooks.env;
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: setting,
      env: env === undefined ? process.env : only(env),
      // What code prints would be lost among the figures, and waiting for a terminal takes time.
      stdout: true,
      stderr: true,
    });
    worker.stdout.resume();
    worker.stderr.resume();
    worker.on('message', (message: FromHooks) => {
      if (message.did === 'call' && worker === this.#worker) this.#called(message);
    });
    worker.on('error', (error: Error) => this.#lost(worker, error.message));
    worker.on('exit', () => this.#lost(worker, 'it ended its thread'));
    worker.unref();
    this.#beat = { count: -1, atMs: performance.now() };
    return [worker, signalsIn(memory)];
  }

  /** Why the module can't be used; undefined where it can. */
  async #loaded(): Promise<string | undefined> {
    const worker = this.#worker;
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    const timer = setTimeout(() => resolve(`it was not loaded within ${formatUs(LOAD_MS * 1000)}`), LOAD_MS);
    worker.on('message', (message: FromHooks) => {
      if (message.did === 'ready') resolve(undefined);
      if (message.did === 'refuse') resolve(message.why);
    });
    worker.once('error', (error: Error) => resolve(`it fails when it is loaded: ${error.message}`));
    worker.once('exit', () => resolve('it ends its thread when it is loaded'));
    const why = await promise;
    clearTimeout(timer);
    return why;
  }

  #post(message: ToHooks): void {
    this.#worker.postMessage(message);
  }

  #called({ number, calls, awaitedUs, variables, changes, values, failed }: Called): void {
    const pending = this.#pending.get(number);
    if (pending === undefined) return;
    this.#sessions.take(pending.user, variables);
    const times = { calls: calls.map((each) => ({ ...each, name: named(pending.call, each.name) })), awaitedUs };
    if (failed !== undefined) this.#settle(number, { is: 'failed', detail: named(pending.call, failed), ...times });
    else this.#settle(number, { is: 'done', changes, values: values as readonly Value[], ...times });
  }

  #settle(number: number, end: HookEnd): void {
    const pending = this.#pending.get(number);
    if (pending === undefined) return;
    this.#pending.delete(number);
    if (this.#pending.size === 0) {
      clearInterval(this.#looking);
      this.#looking = undefined;
    }
    pending.settled(end);
  }

  #fail(number: number, what: string): void {
    const pending = this.#pending.get(number);
    if (pending === undefined) return;
    const { call } = pending;
    this.#settle(number, {
      is: 'failed',
      detail: named(call, `${call.names.join(', ')}: ${what}`),
      calls: [],
      awaitedUs: 0,
    });
  }

  /** Looks for calls that have taken too long, and for a thread that is blocked by one. */
  #look(): void {
    const nowMs = performance.now();
    const count = Atomics.load(this.#signals.beats, 0);
    if (count !== this.#beat.count) this.#beat = { count, atMs: nowMs };
    const begun = Atomics.load(this.#signals.begun, 0);
    const limit = formatUs(this.#hooks.limitUs);
    for (const [number, pending] of this.#pending) {
      if (number > begun) return;
      pending.begunMs ??= nowMs;
      if (nowMs - pending.begunMs <= this.#hooks.limitUs / 1000) continue;
      if (nowMs - this.#beat.atMs > SILENT_MS) return this.#restart(`blocked its thread for more than ${limit}`);
      this.#fail(number, `did not come to an end within ${limit}`);
    }
  }

  #lost(worker: Worker, why: string): void {
    if (worker !== this.#worker || this.#isClosed) return;
    this.#restart(why);
  }

  /** Another thread takes the place of this one. What had begun there is lost; the rest begins anew. */
  #restart(why: string): void {
    const [worker, signals] = [this.#worker, this.#signals];
    const begun = Atomics.load(signals.begun, 0);
    const culprit = Atomics.load(signals.running, 0) || begun;
    const lost = [...this.#pending].filter(([number]) => number <= begun);
    // A module that can't be loaded any more would never come to the calls that wait.
    const waiting = begun === 0 && lost.length === 0 ? [] : [...this.#pending].filter(([number]) => number > begun);
    const hopeless = begun === 0 ? [...this.#pending] : [];
    [this.#worker, this.#signals] = this.#start();
    void worker.terminate();
    this.#sessions.startOver();
    for (const [, { user, message }] of waiting) this.#post({ ...message, variables: this.#sessions.changed(user) });
    const name = this.#pending.get(culprit)?.call.names.join(', ');
    for (const [number] of hopeless) this.#fail(number, why);
    for (const [number] of lost)
      this.#fail(number, number === culprit ? why : `its thread was ended with ${name ?? 'another'}, which ${why}`);
  }
}

/** A plan that is a module has one function a place, which bears its name. */
const named = ({ place }: HookCall, what: string): string =>
  what === place || what.startsWith(`${place}:`) ? what : `${place} ${what}`;

const only = (names: readonly string[]): NodeJS.ProcessEnv =>
  Object.fromEntries(names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
