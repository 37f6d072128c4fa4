import { exitCodes } from '../../../lib/errors.ts';
import { describeRuns, runIds } from '../../../lib/run/archive/runs.ts';
import { result, say } from '../../say.ts';
import { type CloudOptions, placeOf } from '../../cloud/place.ts';

/** More than a screen is looked for in the bucket. */
const MOST_SHOWN = 30;

/** Prints the newest runs: start, verdict, plan, id. */
export async function list(options: CloudOptions): Promise<number> {
  const { store } = await placeOf(options);
  const ids = await runIds(store);
  const lines = await describeRuns(store, ids.slice(0, MOST_SHOWN));
  if (lines.length === 0) say('There is no run yet.');
  const width = Math.max(0, ...lines.map(({ plan }) => plan.length));
  for (const { startedAt, verdict, plan, id } of lines)
    result(
      `${startedAt.slice(0, 19).padEnd(19)}${startedAt === '' ? ' ' : 'Z'}  ${verdict.padEnd(7)}  ${plan.padEnd(width)}  ${id}`,
    );
  if (ids.length > MOST_SHOWN) say(`… and ${ids.length - MOST_SHOWN} older ones`);
  return exitCodes.passed;
}
