import { z } from 'zod';
import { PlimsollError } from '../errors.ts';
import type { MeasuredRun } from './task-capacity.ts';

const series = z.object({ id: z.string(), points: z.array(z.tuple([z.number(), z.number()])) });
const observed = z.object({ signals: z.array(series) });

/**
 * Seconds from a scale-out until its tasks were healthy for the balancer, the longest of a run's: by the minute, as CloudWatch has both.
 * @throws PlimsollError E-RUN-MISSING where the run shows no scale-out that came to its end
 */
export function startUpSecondsOf({ report, path }: MeasuredRun): number {
  const seen = observed.safeParse(report);
  const pointsOf = (wanted: string) =>
    (seen.success ? seen.data.signals : []).find(({ id }) => id === wanted)?.points ?? [];
  const desired = pointsOf('service.tasks-desired');
  const healthy = pointsOf('balancer.healthy-hosts');
  const seconds = desired.slice(1).flatMap(([at, count], i) => {
    if (count <= (desired[i]?.[1] ?? count)) return [];
    const answered = healthy.find(([later, hosts]) => later >= at && hosts >= count);
    return answered === undefined ? [] : [answered[0] - at];
  });
  if (seconds.length === 0)
    throw new PlimsollError(
      'E-RUN-MISSING',
      `${path} shows no scale-out whose tasks became healthy, so no start-up was measured in it.`,
    );
  return Math.max(...seconds);
}
