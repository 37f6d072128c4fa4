import type { Share } from '../../lib/schedule/arrivals.ts';
import type { Feeder, Plan, Scenario } from '../../lib/plan/plan.ts';
import { seedOf, uniform01 } from '../../lib/schedule/random.ts';
import { parseTemplate, variablesOf } from '../../lib/plan/template.ts';
import type { Step } from '../../lib/plan/steps/index.ts';
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
export function feedersOf(scenario: Scenario): { user: string[]; iteration: string[] } {
  const user = feederNames(scenario.onStart);
  return { user, iteration: feederNames(scenario.steps).filter((name) => !user.includes(name)) };
}

function feederNames(steps: readonly Step[]): string[] {
  const names = variablesOf(parseTemplate(JSON.stringify(steps)));
  return [...new Set(names.filter((name) => name.includes('.')).map((name) => name.slice(0, name.indexOf('.'))))];
}
