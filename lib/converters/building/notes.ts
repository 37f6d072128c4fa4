import type { Path } from '../../document/problems.ts';
import type { ScriptDifference } from '../converter.ts';

/** What a converter finds to say, each thing once. */
export class Notes {
  readonly #found = new Map<string, ScriptDifference & { count: number }>();

  add(effect: ScriptDifference['effect'], line: number | undefined, what: string, at?: Path): void {
    const key = `${effect} ${what}`;
    const known = this.#found.get(key);
    if (known === undefined) this.#found.set(key, { effect, line, what, count: 1, ...(at !== undefined && { at }) });
    else known.count += 1;
  }

  noted = (line: number | undefined, what: string): void => this.add('noted', line, what);
  changed = (line: number | undefined, what: string): void => this.add('changed', line, what);
  leftOut = (line: number | undefined, what: string): void => this.add('left out', line, what);

  /** What was found several times is said at its first place, with how often. */
  get differences(): ScriptDifference[] {
    return [...this.#found.values()].map(({ count, what, ...rest }) => ({
      ...rest,
      what: count === 1 ? what : `${what} (${count} times)`,
    }));
  }
}

/** A plan holds some thousands of steps; more requests than these are not looked at. */
const MOST_REQUESTS = 5000;

/** The first of a script's requests; that there were more is said. */
export function firstRequests<Request>(requests: readonly Request[], notes: Notes): readonly Request[] {
  const missing = requests.length - MOST_REQUESTS;
  if (missing > 0) notes.leftOut(undefined, `the last ${missing} requests: ${MOST_REQUESTS} are read`);
  return requests.slice(0, MOST_REQUESTS);
}
