/** What a peer is asked to do: one GET in a closed loop, the five-step scenario in a closed loop, one GET at a fixed rate. */
export type Work = 'get' | 'scenario' | 'rate';

export interface Job {
  readonly origin: string;
  /** A folder of the job's own, for what the peer reads and writes. */
  readonly folder: string;
  readonly seconds: number;
  /** Keep-alive connections of a closed loop; the most that an open one may use. */
  readonly users: number;
  /** Of `rate` only. */
  readonly perSecond: number;
}

/** How a peer is called; `report` is the file that it writes its figures to, where that isn't standard output. */
export interface Invocation {
  /** Instead of the peer's own command. */
  readonly command?: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly report?: string;
  /** Files that the peer reads, by name in the job's folder. */
  readonly files?: Readonly<Record<string, string>>;
}

/** What a peer says of its run. `undefined` is what it doesn't say. Times are µs of what it calls response time or latency. */
export interface Reported {
  readonly requests: number;
  readonly failed: number;
  readonly p50Us: number | undefined;
  readonly p99Us: number | undefined;
  readonly p999Us: number | undefined;
}

export interface Peer {
  readonly name: string;
  /** Looked for on PATH. */
  readonly command: string;
  readonly install: string;
  readonly versionArgs: readonly string[];
  /** Whether its fixed rate waits for no reply. */
  readonly open: boolean;
  readonly works: Readonly<Partial<Record<Work, (job: Job) => Invocation>>>;
  /** Reads its figures; throws where they are not there. */
  read(text: string): Reported;
}

/** µs of a number with a unit, as wrk and k6 print it: `3.31ms`. */
export function usOf(text: string): number {
  const match = /^([\d.]+)(us|µs|ms|s|m)$/.exec(text);
  const factor = { us: 1, µs: 1, ms: 1e3, s: 1e6, m: 6e7 }[match?.[2] ?? ''];
  if (factor === undefined) throw new TypeError(`no time: ${text}`);
  return Number(match?.[1]) * factor;
}

/** The number behind `pattern`'s first group; throws where it isn't there. */
export function numberIn(text: string, pattern: RegExp): number {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new TypeError(`the output has no ${pattern}: ${text.slice(0, 200)}`);
  return Number(found);
}

/** A member of parsed JSON by its path, as a number; undefined where there is none. */
export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  let at = value;
  for (const name of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = new Map<string, unknown>(Object.entries(at)).get(name);
  }
  return typeof at === 'number' ? at : undefined;
}

/** `value` × `factor`, where there is a value. */
export const scaled = (value: number | undefined, factor: number): number | undefined =>
  value === undefined ? undefined : value * factor;

/** A script that stands beside the peers, as a path. */
export const script = (name: string): string => new URL(`../scripts/${name}`, import.meta.url).pathname;
