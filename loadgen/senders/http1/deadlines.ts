/** Something that must be over by a moment. While it waits it stands in a ring with the others of the same length. */
export abstract class Deadline {
  atMs = 0;
  next: Deadline = this;
  before: Deadline = this;

  /** The moment has come. */
  abstract expire(): void;

  /** It was met in time, as nearly all are: it leaves its ring, and takes no memory. */
  clear(): void {
    this.before.next = this.next;
    this.next.before = this.before;
    this.next = this;
    this.before = this;
  }
}

/**
 * Deadlines of one length. They come due in the order in which they were set, so a ring and one timer serve them all, and
 * neither time nor memory is spent on those that were cleared.
 */
class Ring extends Deadline {
  readonly #lengthMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(lengthMs: number) {
    super();
    this.#lengthMs = lengthMs;
  }

  add(deadline: Deadline): void {
    deadline.atMs = performance.now() + this.#lengthMs;
    deadline.before = this.before;
    deadline.next = this;
    this.before.next = deadline;
    this.before = deadline;
    this.#timer ??= setTimeout(() => this.expire(), this.#lengthMs);
  }

  /** Expires what is due, and sleeps until the next is. */
  expire(): void {
    this.#timer = undefined;
    for (let first = this.next; first !== this; first = this.next) {
      const leftMs = first.atMs - performance.now();
      if (leftMs > 0) {
        this.#timer = setTimeout(() => this.expire(), Math.ceil(leftMs));
        return;
      }
      first.clear();
      first.expire();
    }
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}

/** The deadlines of a sender, of whatever lengths its plan's steps have. */
export class Deadlines {
  readonly #rings = new Map<number, Ring>();

  add(deadline: Deadline, lengthMs: number): void {
    let ring = this.#rings.get(lengthMs);
    if (ring === undefined) this.#rings.set(lengthMs, (ring = new Ring(lengthMs)));
    ring.add(deadline);
  }

  close(): void {
    for (const ring of this.#rings.values()) ring.close();
    this.#rings.clear();
  }
}
