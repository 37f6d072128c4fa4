import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../lib/errors.ts';
import type { Called as CalledMessage, FromHooks, HookSetting, ToHooks } from './messages.ts';
import { BEAT_MS, signalsIn } from './messages.ts';
import type { Called, Functions } from './functions.ts';
import { planFunctions } from './plan-functions.ts';
import { processorFunctions } from './processor.ts';
import { UserVariables } from './user-variables.ts';

/** Entry of the hooks' thread: loads a plan's module, and calls its functions one after another. */
const setting = workerData as HookSetting;
const signals = signalsIn(setting.signals);
const users = new Map<number, UserVariables>();

const post = (message: FromHooks): void => parentPort?.postMessage(message);

const nowUs = (): number => Number(process.hrtime.bigint()) / 1000;

async function call(functions: Functions, message: Called): Promise<void> {
  Atomics.store(signals.begun, 0, message.number);
  let user = users.get(message.user);
  if (user === undefined) users.set(message.user, (user = new UserVariables(functions.contextOf(message), setting)));
  user.take(message.variables);
  const calls: { name: string; busyUs: number }[] = [];
  const values: unknown[] = [];
  let awaitedUs = 0;
  let failed: string | undefined;
  const begun = functions.begin(message, user.context);
  for (const [index, name] of message.names.entries()) {
    const startUs = nowUs();
    let keptUs = startUs;
    try {
      Atomics.store(signals.running, 0, message.number);
      const result = begun.invoke(name, index);
      Atomics.store(signals.running, 0, 0);
      keptUs = nowUs();
      values.push(result instanceof Promise || isThenable(result) ? await result : result);
    } catch (error) {
      Atomics.store(signals.running, 0, 0);
      if (keptUs === startUs) keptUs = nowUs();
      failed = `${name}: ${textOf(error)}`;
    }
    calls.push({ name, busyUs: keptUs - startUs });
    awaitedUs += nowUs() - keptUs;
    if (failed !== undefined) break;
  }
  const changes = failed === undefined ? begun.changes?.() : undefined;
  const answer: CalledMessage = {
    did: 'call',
    number: message.number,
    calls,
    awaitedUs,
    variables: user.changed(),
    values: values.map(plainOf),
    ...(changes !== undefined && { changes }),
    ...(failed !== undefined && { failed }),
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
  post(missing.length === 0 ? { did: 'ready' } : { did: 'refuse', why: `it exports no function ${missing.join(', ')}` });
} catch (error) {
  post({ did: 'refuse', why: `it fails when it is loaded: ${textOf(error)}` });
}
