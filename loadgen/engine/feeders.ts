import { parseExactJson } from '../../lib/document/exact-json.ts';
import type { Share } from '../../lib/schedule/arrivals.ts';
import { namesIn, parseCondition } from '../../lib/plan/condition.ts';
import { csvReader } from '../../lib/document/csv.ts';
import type { Feeder, FeederRows, Plan, Scenario } from '../../lib/plan/plan.ts';
import { seedOf, uniform01 } from '../../lib/schedule/random.ts';
import { parseTemplate, variablesOf } from '../../lib/plan/template.ts';
import { allStepsOf, httpStepsOf, type Step } from '../../lib/plan/steps/index.ts';
import type { User } from './user.ts';

/** What is left of a feeder, and its next row for a user; false where there is none. */
interface Source {
  hasRow(): boolean;
  draw(user: User): boolean;
}

function sourceOf(feeder: Feeder, share: Share, seed: number): Source {
  const { rows } = feeder;
  if (rows === undefined) throw new RangeError(`the feeder ${feeder.name} came without its rows`);
  const read = csvReader(rows);
  const names = feeder.columns.map((column) => `${feeder.name}.${column}`);
  const next = nextRow(feeder.order, rows, { share, random: uniform01(seed) });
  return {
    hasRow: () => feeder.order !== 'unique' || uniqueRow(rows, Atomics.load(rows.drawn, 0)) < rows.starts.length,
    draw: (user) => {
      const start = rows.starts[next()];
      if (start === undefined) return false;
      const values = read(start);
      names.forEach((name, column) => user.variables.set(name, values[column] ?? ''));
      return true;
    },
  };
}

const uniqueRow = ({ lane }: FeederRows, drawn: number): number => lane.index + lane.of * drawn;

interface Chance {
  readonly share: Share;
  readonly random: () => number;
}

/**
 * The number of the row that comes next. Unique rows are counted by all threads and phases of a run together; in sequence, worker i
 * of k hands out i, i + k, i + 2k, … in each phase.
 */
function nextRow(order: Feeder['order'], rows: FeederRows, { share, random }: Chance): () => number {
  const count = rows.starts.length;
  let drawn = 0;
  switch (order) {
    case 'unique':
      return () => uniqueRow(rows, Atomics.add(rows.drawn, 0, 1));
    case 'random':
      return () => Math.floor(random() * count);
    case 'sequential':
      return () => (share.index + share.of * drawn++) % count;
  }
}

export class Feeders {
  readonly #sources: ReadonlyMap<string, Source>;

  constructor(plan: Plan, share: Share, seed: number) {
    this.#sources = new Map(
      plan.feeders.map((feeder, i) => [feeder.name, sourceOf(feeder, share, seedOf(seed, share.index, i))]),
    );
  }

  /** Draws a row of each feeder named; false when one had none left, and then no row of the others is lost. */
  draw(names: readonly string[], user: User): boolean {
    if (names.length === 0) return true;
    const sources = names.map((name) => this.#sources.get(name));
    return (
      sources.every((source) => source?.hasRow() !== false) && sources.every((source) => source?.draw(user) !== false)
    );
  }
}

/** Feeders that a scenario draws from: once for a user where `onStart` reads them, else anew for every iteration. */
export function feedersOf(
  scenario: Scenario,
  { headers: planHeaders, hooks, feeders }: Plan,
): { user: string[]; iteration: string[] } {
  const user = feederNames(scenario.onStart, planHeaders);
  // What code reads can't be known.
  if (hooks !== undefined)
    return { user, iteration: feeders.map(({ name }) => name).filter((name) => !user.includes(name)) };
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
  const asked = allStepsOf(steps).flatMap((each) => {
    if ('condition' in each) return namesOf(each.condition);
    return each.kind === 'loop' && 'over' in each.turns ? [each.turns.over] : [];
  });
  const names = [...sent.flatMap((text) => variablesOf(parseTemplate(text))), ...asked];
  return [...new Set(names.filter((name) => name.includes('.')).map((name) => name.slice(0, name.indexOf('.'))))];
}

/** The names that a condition reads. */
function namesOf(text: string): string[] {
  const condition = parseCondition(text);
  return 'is' in condition ? namesIn(condition).map(({ name }) => name) : [];
}

/** Whatever a step may hold templates in, keys included. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [key, ...textsIn(item)]);
}
