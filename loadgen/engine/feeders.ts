import { parseExactJson } from '../../lib/document/exact-json.ts';
import type { Share } from '../../lib/schedule/arrivals.ts';
import type { Feeder, Plan, Scenario } from '../../lib/plan/plan.ts';
import { seedOf, uniform01 } from '../../lib/schedule/random.ts';
import { parseTemplate, variablesOf } from '../../lib/plan/template.ts';
import { httpStepsOf, type Step } from '../../lib/plan/steps/index.ts';
import type { User } from './user.ts';

/** Hands out a feeder's next row to a user; false when a unique feeder has none left. */
type Draw = (user: User) => boolean;

/** The rows that worker i of k hands out are i, i + k, i + 2k, …: no row twice, whatever the number of workers. */
function drawFrom(feeder: Feeder, share: Share, seed: number): Draw {
  const random = uniform01(seed);
  let drawn = 0;
  const names = feeder.columns.map((column) => `${feeder.name}.${column}`);
  return (user) => {
    const next = share.index + share.of * drawn++;
    if (feeder.order === 'unique' && next >= feeder.rows.length) return false;
    const at = feeder.order === 'random' ? Math.floor(random() * feeder.rows.length) : next % feeder.rows.length;
    names.forEach((name, column) => user.variables.set(name, feeder.rows[at]?.[column] ?? ''));
    return true;
  };
}

export class Feeders {
  readonly #draws: ReadonlyMap<string, Draw>;

  constructor(plan: Plan, share: Share, seed: number) {
    this.#draws = new Map(
      plan.feeders.map((feeder, i) => [feeder.name, drawFrom(feeder, share, seedOf(seed, share.index, i))]),
    );
  }

  /** Draws a row of each feeder named; false when one had none left. */
  draw(names: readonly string[], user: User): boolean {
    return names.every((name) => this.#draws.get(name)?.(user) !== false);
  }
}

/** Feeders that a scenario draws from: once for a user where `onStart` reads them, else anew for every iteration. */
export function feedersOf(scenario: Scenario, planHeaders: Plan['headers']): { user: string[]; iteration: string[] } {
  const user = feederNames(scenario.onStart, planHeaders);
  return { user, iteration: feederNames(scenario.steps, planHeaders).filter((name) => !user.includes(name)) };
}

/** Read by the steps themselves, or by the plan's headers where a step has none of that name. */
function feederNames(steps: readonly Step[], planHeaders: Plan['headers']): string[] {
  const sent = httpStepsOf(steps).flatMap((step) => {
    const own = new Set(Object.keys(step.headers).map((name) => name.toLowerCase()));
    const inherited = Object.entries(planHeaders).filter(([name]) => !own.has(name.toLowerCase()));
    const body = step.body !== undefined && 'json' in step.body ? parseExactJson(step.body.json) : step.body;
    return [...textsIn({ ...step, body }), ...inherited.map(([, value]) => String(value))];
  });
  const names = sent.flatMap((text) => variablesOf(parseTemplate(text)));
  return [...new Set(names.filter((name) => name.includes('.')).map((name) => name.slice(0, name.indexOf('.'))))];
}

/** Whatever a step may hold templates in, keys included. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [key, ...textsIn(item)]);
}
