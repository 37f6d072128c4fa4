import type { Outcome } from '../../../lib/measure/recorder.ts';

/** What an honest ledger says of a request: one outcome, or several where the network alone decides between them. */
export type Honest = Outcome | readonly Outcome[];

/** Outcomes as one key, whatever their order: `closed|reset`. */
export const keyOf = (honest: Honest): string => [honest].flat().toSorted().join('|');

export interface PathAccount {
  /** Requests that were read to their end. */
  read: number;
  /** What an honest ledger says of them: key of the outcomes → how many. */
  readonly honest: Map<string, number>;
}

/** A server's own book: every request that it read, and what became of it. */
export class Account {
  connections = 0;
  lastReadAtMs = 0;
  /** What no client may do, if it did it. */
  readonly wrongs: string[] = [];
  readonly #paths = new Map<string, PathAccount>();
  readonly #ids = new Set<string>();

  of(path: string): PathAccount {
    const found = this.#paths.get(path) ?? { read: 0, honest: new Map<string, number>() };
    this.#paths.set(path, found);
    return found;
  }

  /** Requests read, whatever for. */
  get total(): number {
    return this.#ids.size;
  }

  /** A request was read. Its id is its own: an id read twice is a request sent again on the quiet. */
  read(path: string, id: string | undefined): void {
    this.of(path).read += 1;
    this.lastReadAtMs = Date.now();
    if (id === undefined) this.wrongs.push(`a request for ${path} came without its id`);
    else if (this.#ids.has(id)) this.wrongs.push(`request ${id} for ${path} came twice`);
    else this.#ids.add(id);
  }

  expect(path: string, honest: Honest): void {
    const book = this.of(path).honest;
    book.set(keyOf(honest), (book.get(keyOf(honest)) ?? 0) + 1);
  }
}
