import { countArrivals, type Share } from '../schedule/arrivals.ts';
import { seedOf } from '../schedule/random.ts';
import { compressed, totalUs } from '../schedule/segment.ts';
import type { CsvTable } from '../document/csv.ts';
import type { JsonText } from '../document/exact-json.ts';
import { ONCE_KEYS } from './draft-steps.ts';
import type { BodyFiles } from './file-texts.ts';
import type { CapacitySearch } from './capacity.ts';
import type { Objective } from './objective.ts';
import type { Phase } from './phase.ts';
import type { PlanInput } from './schema.ts';
import type { PlanConnections } from './steps/connections.ts';
import { oneOf, type Course } from './steps/course.ts';
import type { PlanHooks } from './steps/hooks.ts';
import type { Habits, HttpStep, Pairs } from './steps/http.ts';
import { courseOf, httpStepsOf, type Step } from './steps/index.ts';
import type { SystemCost } from './steps/system-cost.ts';

export interface Feeder {
  readonly name: string;
  readonly order: 'sequential' | 'random' | 'unique';
  readonly columns: readonly string[];
  /** Lies in memory that threads share. A plan that was stored has none: its rows lie beside it. */
  readonly rows?: FeederRows;
}

export interface FeederRows extends CsvTable {
  /** How many unique rows were handed out since the run's beginning, by all who share them: one number, changed atomically. */
  readonly drawn: Int32Array;
  /** Which unique rows are handed out here; the others are of workers that share no memory with this one. */
  readonly lane: Share;
}

/** Rows of a file, of which those of one lane are handed out, and `drawn` of them were already. */
export function feederRows(table: CsvTable, lane: Share = { index: 0, of: 1 }, drawn = 0): FeederRows {
  const counter = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  counter[0] = drawn;
  return { ...table, drawn: counter, lane };
}

export interface Scenario {
  readonly name: string;
  readonly weight: number;
  readonly onStart: readonly Step[];
  readonly steps: readonly Step[];
}

/** What the signals are read from, as written. */
export type SignalSources = NonNullable<PlanInput['signals']>;

/** A plan ready to run: checked, lowered to units, and but for its feeders' rows plain JSON, so that it can be handed to any worker. */
export interface Plan extends Habits, PlanConnections {
  readonly name: string;
  readonly description: string;
  /** An http(s) URL, `built-in`, or undefined where `--target` must say. */
  readonly target?: string;
  readonly timeoutUs: number;
  readonly seed: number;
  readonly profile?: string;
  readonly headers: Pairs;
  readonly variables: Readonly<Record<string, JsonText>>;
  readonly feeders: readonly Feeder[];
  /** What steps send, by the path that they name. */
  readonly files: BodyFiles;
  readonly signals: SignalSources;
  readonly hooks?: PlanHooks;
  readonly scenarios: readonly Scenario[];
  /** Once before the first phase; what is captured in it becomes variables of the plan. */
  readonly setup?: readonly Step[];
  /** Of the variables that the setup has captured, the URL of the page on which each stood. */
  readonly pages?: Readonly<Record<string, string>>;
  /** Variables that the setup has captured: a map that a reply gave is never a choice, though it may look like one. */
  readonly captured?: readonly string[];
  /** Once after the last, and before the teardown: what they find is part of the verdict. */
  readonly checks?: readonly Step[];
  /** Once after the last. */
  readonly teardown?: readonly Step[];
  readonly phases: readonly Phase[];
  /** Of all phases but warm-up together. */
  readonly runObjectives?: readonly Objective[];
  /** A run of the plan is a search for the capacity, which asks for one phase after another; the plan's own are not run. */
  readonly search?: true;
  readonly capacity: CapacitySearch;
  readonly cost?: SystemCost;
}

/** Whether a run of the plan is a search for the capacity. */
export const isSearch = ({ search }: Pick<Plan, 'search'>): boolean => search === true;

/** The same plan as a search for the capacity. */
export const asSearch = (plan: Plan): Plan => ({ ...plan, search: true });

/** How long the whole plan takes; of a search, how long at most. */
export const planUs = (plan: Plan): number =>
  isSearch(plan) ? plan.capacity.budgetUs : plan.phases.reduce((sum, { durationUs: each }) => sum + each, 0);

/** A probe lasts so long on average, by the budgets of searches on simulated servers. */
const PROBE_US = 8e6;

/** How many phases a run of the plan has; of a search, about how many at most. */
export const phaseCount = (plan: Plan): number =>
  isSearch(plan) ? Math.ceil(plan.capacity.budgetUs / PROBE_US) : plan.phases.length;

/** The plan with every phase in a `factor`th of its time, at unchanged levels. */
export function compressPlan(plan: Plan, factor: number): Plan {
  const phases = plan.phases.map((phase) => {
    const segments = compressed(phase.segments, factor);
    return { ...phase, segments, durationUs: totalUs(segments) };
  });
  return { ...plan, phases };
}

/** Every HTTP step of the plan with its scenario; its place in this list is the step's number in every record. */
export function planSteps(plan: Pick<Plan, 'scenarios'>): { scenario: string; step: HttpStep }[] {
  return plan.scenarios.flatMap((scenario) =>
    httpStepsOf([...scenario.onStart, ...scenario.steps]).map((step) => ({ scenario: scenario.name, step })),
  );
}

/** Every request that the plan can send, those that are sent once too. */
export const allRequests = (plan: Plan): HttpStep[] => [
  ...httpStepsOf(ONCE_KEYS.flatMap((key) => plan[key] ?? [])),
  ...planSteps(plan).map(({ step }) => step),
];

/** What an open phase's arrival goes through, `onStart` included. */
export const journeyOf = ({ onStart, steps }: Scenario): Course => courseOf([...onStart, ...steps]);

/** What the plan's arrivals go through on average. */
export const meanJourney = ({ scenarios }: Plan): Course =>
  oneOf(scenarios.map((scenario) => ({ weight: scenario.weight, course: journeyOf(scenario) })));

/** The seed of the phase that is run as this number: phases of one run must not repeat each other's arrivals. */
export const phaseSeed = (plan: Plan, number: number): number => seedOf(plan.seed, number);

/**
 * How many arrivals a share of a phase has by plan; undefined of a closed model, which plans none, and of a load in requests, of which
 * each journey makes as many as replies want.
 */
export function dueByPlan({ model, counts, segments, process }: Phase, seed: number, share: Share): number | undefined {
  return model === 'open' && counts === undefined ? countArrivals({ segments, process, seed }, share) : undefined;
}

/** What a setup hands on to journeys, checks and teardown. */
export interface HandedOn {
  /** As the plan's variables are. */
  readonly captured: Readonly<Record<string, JsonText>>;
  /** Of what is captured, the URL of the page on which it stood. */
  readonly pages: Readonly<Record<string, string>>;
}

/** The plan as its journeys run it: with what its setup has captured among its variables. */
export const withCaptured = (plan: Plan, { captured, pages }: HandedOn): Plan => ({
  ...plan,
  variables: { ...plan.variables, ...captured },
  captured: Object.keys(captured),
  pages,
});

/** The plan as its checks are sent: each whatever came of those before it. */
export const asChecks = (plan: Plan): Plan => ({ ...plan, onFail: 'next' });
