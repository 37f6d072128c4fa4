import { createHash } from 'node:crypto';
import { PlimsollError } from '../../errors.ts';
import { parsePlan, planFromObject, type PlanSources } from '../../plan/parse.ts';
import { asSearch, type Plan } from '../../plan/plan.ts';
import { listed } from '../../units.ts';
import { didYouMean, nearest } from '../../document/suggest.ts';
import { signals } from '../../signals/index.ts';
import { planKey } from '../archive/keys.ts';
import { textAt, type Store } from '../archive/store.ts';
import type { ExecutionInput } from './input.ts';

export interface StoredPlan {
  readonly plan: Plan;
  /** Of the plan as written, hexadecimal. */
  readonly sha256: string;
}

const PLANS = 'plans/';

/**
 * The plan that an execution asks for, cut down to the phases it asks for. Files that the plan names lie beside it.
 * @throws PlimsollError E-PLAN-MISSING, E-PLAN-TOO-LARGE, E-PLAN-INVALID, E-INPUT-INVALID for a phase that it has not
 */
export async function readPlan(store: Store, { plan: wanted, phases, capacity }: ExecutionInput): Promise<StoredPlan> {
  const sources: PlanSources = {
    readBytes: (path) => readBeside(store, path),
    signalIds: signals.map(({ id }) => id),
    env: {},
  };
  const { plan, text } =
    typeof wanted === 'string' ? await named(store, wanted, sources) : await inline(wanted, sources);
  const chosen = capacity === true ? asSearch(plan) : withPhases(plan, phases);
  return { plan: chosen, sha256: createHash('sha256').update(text).digest('hex') };
}

async function named(store: Store, name: string, sources: PlanSources): Promise<{ plan: Plan; text: string }> {
  const text = await textAt(store, planKey(name));
  if (text === undefined) throw new PlimsollError('E-PLAN-MISSING', await whyMissing(store, name));
  // From the root, so that what it names beside itself has a path that is a key.
  return { text, plan: await parsePlan({ text, path: `/${planKey(name)}` }, sources) };
}

async function inline(input: unknown, sources: PlanSources): Promise<{ plan: Plan; text: string }> {
  return {
    text: JSON.stringify(input),
    plan: await planFromObject(input, { ...sources, readBytes: (path) => sources.readBytes(`/${PLANS}${path}`) }),
  };
}

async function whyMissing(store: Store, name: string): Promise<string> {
  const known: string[] = [];
  for await (const key of store.list(PLANS)) if (key.endsWith('.yaml')) known.push(key.slice(PLANS.length, -5));
  if (known.length === 0) return `the results bucket holds no plan yet; copy plans/ into it`;
  const near = nearest(name, known);
  return `there is no plan ${name}; ${near === undefined ? `there are ${listed(known, 'and')}` : `did you mean ${near}?`}`;
}

/** What lies outside of plans/ is no business of a plan's. */
async function readBeside(store: Store, path: string): Promise<Uint8Array> {
  const key = path.replace(/^\//, '');
  const stored = key.startsWith(PLANS) ? await store.get(key) : undefined;
  if (stored === undefined) throw new Error(`the results bucket holds no ${key}`);
  return stored.body;
}

function withPhases(plan: Plan, wanted: readonly string[] | undefined): Plan {
  if (wanted === undefined) return plan;
  const names = plan.phases.map(({ name }) => name);
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    const details = unknown.map((name) => `phases: ${plan.name} has no phase "${name}"${didYouMean(name, names)}`);
    throw new PlimsollError('E-INPUT-INVALID', `${plan.name} has the phases ${listed(names, 'and')}`, details);
  }
  return { ...plan, phases: plan.phases.filter(({ name }) => wanted.includes(name)) };
}
