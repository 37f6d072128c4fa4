import type { Bench, Release } from './bench.ts';

/** A parameter of a fault: JSON Schema of a number, bounded, with the value it has where none is given. */
export interface Parameter {
  readonly type: 'integer' | 'number';
  readonly minimum: number;
  readonly maximum: number;
  readonly default: number;
}

/** A fault's parameters by name, as its endpoint and its switch take them. */
export type Parameters = Readonly<Record<string, Parameter>>;
export type Values = Readonly<Record<string, number>>;

/** How the lab starts its services for a fault that one process by itself cannot show. */
export interface Needs {
  /** So many nodes behind a balancer; switches act on the first. */
  readonly nodes?: number;
  /** A heap of so many megabytes, and a supervisor that starts the service anew when it was killed. */
  readonly heapMb?: number;
}

/** What a learner can call, and what the lab switches on and off. */
export interface Fault {
  /** Of the switch and on the command line. */
  readonly name: string;
  readonly title: string;
  /** The label by which a diagnosis is graded: an id of a bottleneck (docs/summary.md). */
  readonly bottleneck: string;
  /** Other ids that are right as well; the reason stands beside them. */
  readonly alsoRight?: readonly string[];
  readonly parameters: Parameters;
  readonly needs?: Needs;
  /** Where a request does the work once: `GET /path`; no fault that only lasts has one. */
  readonly endpoint?: string;
  /** What one request does, at the endpoint and, while switched on, in each request to `disturbs`. The reply of the endpoint. */
  readonly work?: (bench: Bench, values: Values) => Promise<unknown>;
  /** Routes of the marketplace that do the work while it is switched on. */
  readonly disturbs?: readonly string[];
  /** What lasts while it is switched on. */
  readonly begin?: (bench: Bench, values: Values) => Promise<Release>;
}

export const integer = (otherwise: number, minimum: number, maximum: number): Parameter => ({
  type: 'integer',
  minimum,
  maximum,
  default: otherwise,
});

export const decimal = (otherwise: number, minimum: number, maximum: number): Parameter => ({
  ...integer(otherwise, minimum, maximum),
  type: 'number',
});

/** Ends two things that a fault has begun, one after the other. */
export const both =
  (first: Release, second: Release): Release =>
  async () => {
    await first();
    await second();
  };

/** JSON Schema of a fault's parameters, for a query or a body; a name that the fault does not have is refused. */
export const schemaOf = (parameters: Parameters) => ({
  type: 'object',
  additionalProperties: false,
  properties: parameters,
});

/** A parsed value; the schema has put in the defaults, so a name that is missing is a mistake of the fault's own. */
export function valueOf(values: Values, name: string): number {
  const value = values[name];
  if (value === undefined) throw new Error(`the fault has no parameter ${name}`);
  return value;
}
