import { parseDurationUs } from '../../units.ts';
import { asRecord, text, type Draft } from '../draft.ts';
import { stepsOfPlan } from '../draft-steps.ts';
import { quote, type Path, type Problem } from '../../document/problems.ts';

/** Node's timers end at 2^31 − 1 ms (24.8 days) and fire at once beyond it. */
const LONGEST_US = 24 * 24 * 3600e6;

/** Time-outs of no time, and pauses that are upside down or longer than a timer can wait. */
export function checkDurations(draft: Draft): Problem[] {
  const steps = stepsOfPlan(draft);
  return [
    ...timeout(['timeout'], draft['timeout']),
    ...steps.flatMap(({ path, value }) => timeout([...path, 'timeout'], value['timeout'])),
    ...steps.flatMap(({ path, value }) => pause([...path, 'pause'], value['pause'])),
  ];
}

const usOf = (value: unknown): number | undefined => {
  const written = text(value);
  return written === undefined ? undefined : parseDurationUs(written);
};

function timeout(path: Path, value: unknown): Problem[] {
  if (usOf(value) === 0) return [{ path, text: `${quote(value)} leaves a request no time; write 10s, say` }];
  return tooLong(path, value);
}

function pause(path: Path, value: unknown): Problem[] {
  const { min, max, mean } = asRecord(value);
  const [minUs, maxUs] = [usOf(min), usOf(max)];
  const upsideDown = minUs !== undefined && maxUs !== undefined && minUs > maxUs;
  return [
    ...(upsideDown ? [{ path, text: `min ${quote(min)} is more than max ${quote(max)}; swap them` }] : []),
    ...tooLong(path, value),
    ...tooLong([...path, 'max'], max),
    ...tooLong([...path, 'mean'], mean),
  ];
}

const tooLong = (path: Path, value: unknown): Problem[] =>
  (usOf(value) ?? 0) > LONGEST_US
    ? [{ path, text: `${quote(value)} is longer than a timer can wait; 576h is the most` }]
    : [];
