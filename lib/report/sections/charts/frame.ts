import type { Report } from '../../report.ts';

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
    to: startSeconds + durationSeconds,
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
