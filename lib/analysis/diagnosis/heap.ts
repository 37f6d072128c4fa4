import type { SignalSeries } from '../../signals/signal.ts';

/** What leaked is there after a collection, and fills the heap. */
const HALF = 0.5;

/**
 * Whether it was read that little is left after a collection. Runtimes that say so let the heap grow before they collect, so that what the
 * process has in memory grows for a while though nothing leaks.
 */
export const isHalfEmpty = (heap: SignalSeries['points'] | undefined): boolean => (heap?.at(-1)?.[1] ?? 1) < HALF;
