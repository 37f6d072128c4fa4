import type { SignalUnit } from '../../signals/signal.ts';
import type { ComparedPhase } from './comparable.ts';
import { bySide, type Sides } from './shift.ts';

/** A signal on both sides: the mean of the runs' means over the phase, and the least and greatest of them. */
export interface SignalShift {
  readonly signal: string;
  readonly title: string;
  readonly unit: SignalUnit;
  readonly baseline: SignalSide;
  readonly run: SignalSide;
}

export interface SignalSide {
  readonly mean: number;
  readonly least: number;
  readonly greatest: number;
}

/** Every signal that all runs have read, but for moments, which have no mean; `phases` are in the order of the sides. */
export function signalShifts(phases: readonly ComparedPhase[], sides: Sides<unknown>): readonly SignalShift[] {
  const { baselines, runs } = bySide(phases, sides);
  const [first] = baselines;
  return [...(first?.signals ?? [])].flatMap(([signal, { title, unit }]): SignalShift[] => {
    if (unit === 'moment') return [];
    const [baseline, run] = [baselines, runs].map((side) => sideOf(side, signal));
    return baseline === undefined || run === undefined ? [] : [{ signal, title, unit, baseline, run }];
  });
}

function sideOf(side: readonly ComparedPhase[], signal: string): SignalSide | undefined {
  const means = side.flatMap(({ signals }) => signals.get(signal)?.mean ?? []);
  if (means.length < side.length || means.length === 0) return undefined;
  const mean = means.reduce((sum, each) => sum + each, 0) / means.length;
  return { mean, least: Math.min(...means), greatest: Math.max(...means) };
}
