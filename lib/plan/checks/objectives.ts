import { asList, phasesOf, asRecord, asText, type Draft, type Placed } from '../draft.ts';
import { parseObjective, type ObjectiveLimit, type Objective } from '../objective.ts';
import { quote, type Path, type Problem } from '../../document/problems.ts';
import { didYouMean } from '../../document/suggest.ts';
import type { CheckContext } from './check.ts';

/** Objectives that nothing measures, that contradict themselves, or that no phase is judged by. */
export function checkObjectives(draft: Draft, { signalIds }: CheckContext): Problem[] {
  return [
    ...[{ path: [], value: draft }, ...phasesOf(draft)].flatMap(written).flatMap(({ path, value }) => {
      const objective = parseObjective(value);
      if (objective === undefined) return [];
      const reasons = [unknownSignal(objective, signalIds), contradiction(objective), outOfReach(objective)];
      return reasons.flatMap((reason) => (reason === undefined ? [] : [{ path, text: `${quote(value)} ${reason}` }]));
    }),
    ...neverDropped(draft),
    ...unused(draft),
  ];
}

const written = ({ path, value }: Placed<Draft>): Placed<string>[] =>
  asList(value['objectives']).flatMap((each, i) => {
    const line = asText(each);
    return line === undefined ? [] : [{ path: [...path, 'objectives', i], value: line }];
  });

function unknownSignal({ metric }: Objective, signalIds: readonly string[]): string | undefined {
  if (metric.of !== 'signal' || signalIds.includes(metric.id)) return undefined;
  const near = didYouMean(metric.id, signalIds);
  return `names no signal${near === '' ? `; there are ${signalIds.join(', ')}` : near}`;
}

/** An upper bound is missed above it, a lower one below. */
const isUpper = ({ op }: ObjectiveLimit): boolean => op.startsWith('<');

function contradiction({ target, warn, fail }: Objective): string | undefined {
  const turned = [warn, fail].find((limit) => limit !== undefined && isUpper(limit) === isUpper(target));
  if (turned !== undefined) return `warns or fails on the good side; turn ${turned.op} round`;
  const sign = isUpper(target) ? 1 : -1;
  if (fail === undefined) return undefined;
  if (sign * (fail.value - target.value) < 0)
    return 'fails where its target is still met; move the fail limit beyond it';
  if (warn !== undefined && sign * (fail.value - warn.value) < 0)
    return 'never warns, since it fails first; swap the limits';
  return undefined;
}

/** Ratios lie in 0–1, and nothing measured is below 0. */
function outOfReach({ metric, target, fail }: Objective): string | undefined {
  const isRatio = metric.of === 'errors' || metric.of === 'availability' || metric.of === 'dropped';
  const limits = [target, fail].filter((limit) => limit !== undefined);
  if (isRatio && limits.some(({ value }) => value > 1)) return 'is about a share of the whole; 100% is the most';
  const impossible = (target.op === '<' && target.value === 0) || (isRatio && target.op === '>' && target.value === 1);
  return impossible ? `can never be met; write ${target.op}= instead of ${target.op}` : undefined;
}

/** In a closed model due = started. */
const neverDropped = (draft: Draft): Problem[] =>
  phasesOf(draft)
    .filter(({ value }) => 'closed' in value && !('open' in value))
    .flatMap(written)
    .filter(({ value }) => parseObjective(value)?.metric.of === 'dropped')
    .map(({ path, value }) => ({
      path,
      text: `${quote(value)} can never be judged: virtual users of a closed phase drop nothing; remove it or write open`,
    }));

/** The plan's objectives are not for warm-up, which is there to be slow. */
function unused(draft: Draft): Problem[] {
  const phases = phasesOf(draft).filter(({ value }) => value['kind'] !== 'warm-up');
  if (phases.length === 0 || !phases.every(({ value }) => Array.isArray(asRecord(value)['objectives']))) return [];
  return ['profile', 'objectives']
    .filter((key) => key in draft)
    .map((key): { path: Path } => ({ path: [key] }))
    .map(({ path }) => ({
      path,
      onKey: true,
      text: 'judges nothing, since every phase but warm-up has objectives of its own; remove it or theirs',
    }));
}
