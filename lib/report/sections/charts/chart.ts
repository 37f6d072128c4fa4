import type { SignalUnit } from '../../../signals/signal.ts';
import { isPresent, type Figure } from '../../numbers.ts';
import type { Report } from '../../report.ts';

/** A line of a chart. `tone` names a colour of the page's style sheet; `values` stand at the chart's `xs`. */
export interface Series {
  readonly label: string;
  readonly tone: string;
  readonly dashed?: true;
  readonly values: readonly (number | null)[];
}

/** Everything that a chart shows, as plain data: for a drawing on paper as well as for a script that makes it live. */
export interface Chart {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  /** The note says that a limit was crossed. */
  readonly crossed?: true;
  readonly unit: SignalUnit;
  readonly xs: readonly number[];
  readonly series: readonly Series[];
  /** On a logarithmic axis; undefined where only a linear one makes sense. */
  readonly log?: boolean;
  readonly limit?: number;
  /** `low` is less high; `small` is a small multiple, with fewer ticks and no names of phases. */
  readonly size: 'large' | 'low' | 'small';
  /** Whose signal it is: `database`. */
  readonly resource?: string;
}

/** Four digits are finer than a pixel, and a third of a double's length. */
export const rounded = (value: Figure): number | null => (isPresent(value) ? Number(value.toPrecision(4)) : null);

/** The one time axis that all charts share: seconds since the run's start, the phases on it, and what happened when. */
export interface Frame {
  readonly totalSeconds: number;
  readonly bands: readonly { readonly name: string; readonly from: number; readonly to: number }[];
  readonly marks: readonly { readonly atSeconds: number; readonly label: string }[];
}

export function frameOf({ timeline, signals, summary }: Report): Frame {
  const bands = timeline.map(({ phase, startSeconds, durationSeconds }) => ({
    name: phase,
    from: startSeconds,
    // Of some imported results the duration is not known.
    to: startSeconds + (isPresent(durationSeconds) ? durationSeconds : 0),
  }));
  const pointEnds = timeline.map((phase) => {
    const last = phase.points.at(-1);
    return last === undefined ? 0 : phase.startSeconds + last.atSeconds + last.seconds;
  });
  const signalEnds = signals.map(({ points }) => points.at(-1)?.[0] ?? 0);
  const totalSeconds = [1, ...bands.map(({ to }) => to), ...pointEnds, ...signalEnds].reduce((a, b) => Math.max(a, b));
  const { breakingPoint } = summary;
  const broken = bands.find(({ name }) => name === breakingPoint?.phase);
  const marks =
    breakingPoint === undefined || broken === undefined
      ? []
      : [
          {
            atSeconds: broken.from + breakingPoint.atSeconds,
            label: breakingPoint.alreadyBroken ? 'already broken' : 'breaking point',
          },
        ];
  return { totalSeconds, bands, marks };
}
