import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { loadPlan } from '../../lib/adapters/node/plan-file.ts';
import { codeOf, PlimsollError } from '../../lib/errors.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import { type ExecutionInput, parseInput } from '../../lib/run/workflow/input.ts';
import { readPlan } from '../../lib/run/workflow/stored-plan.ts';
import { planKey } from '../../lib/run/archive/keys.ts';
import type { Store, Stored } from '../../lib/run/archive/store.ts';
import { signals } from '../../lib/signals/index.ts';
import { callerPath } from '../paths.ts';

/** A plan that the workflow will find, once `uploads` are in the store. */
export interface PlanToRun {
  readonly input: ExecutionInput;
  readonly plan: Plan;
  /** By key: what the workflow would miss, or find otherwise. */
  readonly uploads: ReadonlyMap<string, Uint8Array>;
}

/** A path is a file here; anything else is the name of a plan in the store. */
const isPath = (plan: string): boolean => /[/\\]|\.ya?ml$/i.test(plan);

/**
 * Reads the plan as the workflow's first step will, phases and all, so that what that would refuse is refused here.
 * @throws PlimsollError E-PLAN-…, E-INPUT-INVALID, E-STORE, E-AWS-…
 */
export async function planToRun(
  given: string,
  { phase: phases = [], capacity = false }: { readonly phase?: readonly string[]; readonly capacity?: boolean },
  store: Store,
): Promise<PlanToRun> {
  const name = isPath(given) ? basename(given).replace(/\.ya?ml$/i, '') : given;
  if (isPath(given) && !/^\w[\w-]*$/.test(name)) {
    const sentence = `${given} can't be uploaded: as a name in the bucket, "${name}" may hold letters, digits, - and _ only.`;
    throw new PlimsollError('E-PLAN-MISSING', sentence);
  }
  const input = parseInput({ plan: name, ...(phases.length > 0 && { phases }), ...(capacity && { capacity }) });
  if (!isPath(given)) return { input, plan: (await readPlan(store, input)).plan, uploads: new Map() };
  const path = callerPath(given);
  // First as `validate` reads it, whose messages name the file as the caller does.
  await loadPlan(path, { signalIds: signals.map(({ id }) => id), env: process.env });
  const local = new LocalPlans(store, path);
  const { plan } = await readPlan(local, input);
  return { input, plan, uploads: local.uploads };
}

/** The store as it will be: the plan's folder lies over `plans/`, and what is read from it is noted. */
class LocalPlans implements Store {
  readonly uploads = new Map<string, Uint8Array>();
  readonly #store: Store;
  readonly #path: string;

  constructor(store: Store, path: string) {
    this.#store = store;
    this.#path = path;
  }

  async get(key: string): Promise<Stored | undefined> {
    const body = await readFile(this.#pathOf(key)).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
    });
    const stored = await this.#store.get(key);
    if (body === undefined) return stored;
    if (stored === undefined || !body.equals(stored.body)) this.uploads.set(key, body);
    return { body, version: '' };
  }

  /** Nothing is written through it. */
  put(): Promise<boolean> {
    return Promise.resolve(false);
  }

  list(prefix: string): AsyncIterable<string> {
    return this.#store.list(prefix);
  }

  #pathOf(key: string): string {
    const name = basename(this.#path).replace(/\.ya?ml$/i, '');
    return key === planKey(name) ? this.#path : join(dirname(this.#path), key.slice('plans/'.length));
  }
}
