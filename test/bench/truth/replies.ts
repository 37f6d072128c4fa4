/** A timer in Node is late by up to 1 ms and more; from so long before its time on, a reply is waited for without one. */
const SPIN_US = 2500;

interface Due {
  readonly atUs: number;
  readonly reply: () => void;
}

const nowUs = (): number => performance.now() * 1000;

/** Calls back at given moments, to a few dozen µs. */
export class Replies {
  /** How late the latest callback was. */
  worstLateUs = 0;
  /** By time, the earliest last. */
  readonly #due: Due[] = [];
  #awake = false;

  at(atUs: number, reply: () => void): void {
    let place = this.#due.length;
    while (place > 0 && (this.#due[place - 1]?.atUs ?? 0) <= atUs) place -= 1;
    this.#due.splice(place, 0, { atUs, reply });
    if (!this.#awake) this.#wait();
  }

  #wait(): void {
    this.#awake = false;
    const next = this.#due.at(-1);
    if (next === undefined) return;
    const leftUs = next.atUs - nowUs();
    this.#awake = leftUs < SPIN_US;
    if (this.#awake) setImmediate(() => this.#turn());
    else this.#sleep(leftUs - SPIN_US);
  }

  #timer: NodeJS.Timeout | undefined;

  #sleep(us: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (!this.#awake) this.#wait();
    }, us / 1000);
  }

  #turn(): void {
    for (let next = this.#due.at(-1); next !== undefined && next.atUs <= nowUs(); next = this.#due.at(-1)) {
      this.#due.pop();
      this.worstLateUs = Math.max(this.worstLateUs, nowUs() - next.atUs);
      next.reply();
    }
    this.#wait();
  }
}
