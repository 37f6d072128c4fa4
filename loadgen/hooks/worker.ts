import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../lib/errors.ts';
import { BEAT_MS, signalsIn, type Called, type FromHooks, type HookSetting, type ToHooks } from './messages.ts';
import type { CallMessage, Functions } from './functions.ts';
import { planFunctions } from './plan-functions.ts';
import { processorFunctions } from './processor.ts';
import { readAsBundlersDo } from './typescript.ts';
import { UserVariables } from './user-variables.ts';

/** Entry of the hooks' thread: loads a plan's module, and calls its functions one after another. */
const setting = workerData as HookSetting;
const signals = signalsIn(setting.signals);
const users = new Map<number, UserVariables>();

const post = (message: FromHooks): void => parentPort?.postMessage(message);

const nowUs = (): number => Number(process.hrtime.bigint()) / 1000;

/** A function called, with what its thread could do nothing else for, and what it waited for, both in µs. */
async function timed(number: number, invoke: () => unknown): Promise<Timed> {
  const startUs = nowUs();
  let calledUs: number | undefined;
  let end: Pick<Timed, 'value' | 'failed'>;
  try {
    Atomics.store(signals.running, 0, number);
    const result = invoke();
    calledUs = nowUs();
    Atomics.store(signals.running, 0, 0);
    end = { value: isThenable(result) ? await result : result };
  } catch (error) {
    end = { value: undefined, failed: textOf(error) };
  }
  const endUs = nowUs();
  if (calledUs === undefined) Atomics.store(signals.running, 0, 0);
  const busyUs = (calledUs ?? endUs) - startUs;
  return { ...end, busyUs, awaitedUs: endUs - startUs - busyUs };
}

interface Timed {
  readonly value: unknown;
  readonly failed?: string;
  readonly busyUs: number;
  readonly awaitedUs: number;
}

async function call(functions: Functions, message: CallMessage): Promise<void> {
  Atomics.store(signals.begun, 0, message.number);
  let user = users.get(message.user);
  if (user === undefined) users.set(message.user, (user = new UserVariables(functions.contextOf(message), setting)));
  user.take(message.variables);
  const begun = functions.begin(message, user.context);
  const done: (Timed & { readonly name: string })[] = [];
  for (const [index, name] of message.names.entries()) {
    done.push({ name, ...(await timed(message.number, () => begun.invoke(name, index))) });
    if (done.at(-1)?.failed !== undefined) break;
  }
  const last = done.at(-1);
  let changes: Called['changes'];
  let failed = last?.failed;
  try {
    if (failed === undefined) changes = begun.changes?.();
  } catch (error) {
    failed = textOf(error);
  }
  const answer: Called = {
    did: 'call',
    number: message.number,
    calls: done.map(({ name, busyUs }) => ({ name, busyUs })),
    awaitedUs: done.reduce((sum, { awaitedUs }) => sum + awaitedUs, 0),
    variables: user.changed(),
    values: done.map(({ value }) => plainOf(value)),
    ...(changes !== undefined && { changes }),
    ...(failed !== undefined && { failed: `${last?.name}: ${failed}` }),
  };
  post(answer);
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

/** What can be sent of a value: data. */
function plainOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value;
  try {
    return JSON.parse(JSON.stringify(value)) as unknown;
  } catch {
    return undefined;
  }
}

/** What was thrown, or handed to a callback, in a line. */
function textOf(error: unknown): string {
  const text =
    typeof error === 'object' && error !== null && !(error instanceof Error)
      ? 'message' in error
        ? String(error.message)
        : JSON.stringify(error)
      : messageOf(error);
  return text.replaceAll(/\s+/g, ' ').trim();
}

async function load(): Promise<Functions> {
  if (setting.signatures === 'processor') readAsBundlersDo();
  const module = (await import(pathToFileURL(setting.module).href)) as Readonly<Record<string, unknown>>;
  return setting.signatures === 'processor' ? processorFunctions(module, setting) : planFunctions(module, setting);
}

setInterval(() => Atomics.add(signals.beats, 0, 1), BEAT_MS);

try {
  const functions = await load();
  const missing = setting.wanted.filter((name) => !functions.has(name));
  parentPort?.on('message', (message: ToHooks) => {
    if (message.do === 'forget') users.delete(message.user);
    else void call(functions, message);
  });
  post(
    missing.length === 0 ? { did: 'ready' } : { did: 'refuse', why: `it exports no function ${missing.join(', ')}` },
  );
} catch (error) {
  post({ did: 'refuse', why: `it fails when it is loaded: ${textOf(error)}` });
}
