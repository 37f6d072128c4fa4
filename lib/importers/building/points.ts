import { addLedger } from '../../measure/ledger.ts';
import type { GivenPoint } from '../reading/importer.ts';

/** As many as a chart can show; beyond twice as many, neighbours become one. */
const ENOUGH = 600;

/** Collects points without times, which can be added up, in bounded memory and number. */
export class BoundedPoints {
  #points: GivenPoint[] = [];
  /** How many of the added ones make a point. */
  #width = 1;
  #open: GivenPoint[] = [];

  add(point: GivenPoint): void {
    this.#open.push(point);
    if (this.#open.length < this.#width) return;
    this.#close();
    if (this.#points.length < 2 * ENOUGH) return;
    this.#points = Array.from({ length: ENOUGH }, (_, at) => joined(this.#points.slice(2 * at, 2 * at + 2)));
    this.#width *= 2;
  }

  list(): readonly GivenPoint[] {
    this.#close();
    return this.#points;
  }

  #close(): void {
    if (this.#open.length > 0) this.#points.push(joined(this.#open));
    this.#open = [];
  }
}

/** Users are weighed by seconds. */
function joined(points: readonly GivenPoint[]): GivenPoint {
  const [first, ...others] = points;
  if (first === undefined) throw new RangeError('there is no point to join');
  const ledger = { ...first.ledger, failures: { ...first.ledger.failures } };
  for (const other of others) addLedger(ledger, other.ledger);
  const seconds = points.reduce((sum, point) => sum + point.seconds, 0);
  const users = points.reduce((sum, point) => sum + (point.users ?? 0) * point.seconds, 0) / seconds;
  return { atSeconds: first.atSeconds, seconds, ledger, users };
}
