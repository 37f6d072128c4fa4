import { withoutNumbers } from '../units.ts';

/** One request that failed, as an example of those that failed like it. */
export interface FailureCase {
  /** As the ledger has it; `timedOut` of one that came to no end. */
  readonly kind: string;
  /** When it ended, in µs since the phase's start. */
  readonly atUs: number;
  /** Of a reply. */
  readonly status?: number | undefined;
  /** The beginning of the reply's body, without secrets, or what the system said. */
  readonly text?: string | undefined;
}

/** So many of a kind of a step: what else differs is seldom another cause. */
const MOST_OF_A_KIND = 3;

/** Enough of a body to know a failure by. */
const SHAPE_LETTERS = 300;

/** What makes two failures alike: their kind and text, whatever the numbers and ids in it. */
function shapeOf({ kind, status, text = '' }: FailureCase): string {
  return `${kind} ${status ?? ''} ${withoutNumbers(text.slice(0, SHAPE_LETTERS))}`;
}

/** A total order, so that merging has one result. */
function before(one: FailureCase, other: FailureCase): boolean {
  if (one.atUs !== other.atUs) return one.atUs < other.atUs;
  if (one.status !== other.status) return (one.status ?? 0) < (other.status ?? 0);
  return (one.text ?? '') < (other.text ?? '');
}

const inOrder = (a: FailureCase, b: FailureCase): number =>
  a.kind === b.kind ? (before(a, b) ? -1 : before(b, a) ? 1 : 0) : a.kind < b.kind ? -1 : 1;

/** Of those that are alike the earliest, and of a kind the earliest three that differ: the same whichever way they are merged. */
export function addCase(into: FailureCase[], one: FailureCase): void {
  const shape = shapeOf(one);
  const alike = into.findIndex((each) => shapeOf(each) === shape);
  const known = into[alike];
  if (known === undefined) into.push(one);
  else if (before(one, known)) into[alike] = one;
  else return;
  into.sort(inOrder);
  const own = into.filter(({ kind }) => kind === one.kind);
  const last = own[MOST_OF_A_KIND];
  if (last !== undefined) into.splice(into.indexOf(last), 1);
}

/** Failures that are looked at in a second: a target that fails at once fails ten thousand times a second. */
const LOOKS_A_SECOND = 20;

/** Chooses what is stored of the failures of a phase, so that few are read and fewer are written. */
export class CaseCollector {
  readonly #cases = new Map<number, FailureCase[]>();
  #second = -1;
  #looks = 0;

  /** The failure where it is one to store, and undefined where enough like it are. `look` reads it, which takes time. */
  offer(
    step: number,
    kind: string,
    atUs: number,
    look: () => Pick<FailureCase, 'status' | 'text'>,
  ): FailureCase | undefined {
    const second = Math.floor(atUs / 1e6);
    if (second !== this.#second) [this.#second, this.#looks] = [second, 0];
    const known = this.#cases.get(step) ?? [];
    if (this.#looks >= LOOKS_A_SECOND || known.filter((each) => each.kind === kind).length >= MOST_OF_A_KIND)
      return undefined;
    this.#looks += 1;
    const found = { kind, atUs: Math.round(atUs), ...look() };
    if (known.some((each) => shapeOf(each) === shapeOf(found))) return undefined;
    this.#cases.set(step, [...known, found]);
    return found;
  }
}
