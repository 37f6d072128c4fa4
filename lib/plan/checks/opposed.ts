import { asList, asRecord, asText, phasesOf, type Draft } from '../draft.ts';
import { parseObjective, type Objective } from '../objective.ts';
import { quote, type Path, type Problem } from '../../document/problems.ts';

/** Two objectives on one metric that no value meets, such as p99 < 100ms and p99 > 200ms: no load ever holds both. */
export function checkOpposed(draft: Draft): Problem[] {
  const capacity = { path: ['capacity'] as Path, value: asRecord(draft['capacity']) };
  return [{ path: [] as Path, value: draft }, capacity, ...phasesOf(draft)].flatMap(({ path, value }) => {
    const objectives = asList(value['objectives']).map((each) => parseObjective(asText(each) ?? ''));
    return objectives.flatMap((later, at): Problem[] => {
      const against = objectives.slice(0, at).find((earlier) => later && earlier && areOpposed(earlier, later));
      if (later === undefined || against === undefined) return [];
      const text = `${quote(later.text)} and ${quote(against.text)} can't both hold; leave one of them out`;
      return [{ path: [...path, 'objectives', at], text }];
    });
  });
}

const isFloor = ({ target }: Objective): boolean => target.op.startsWith('>');

function areOpposed(one: Objective, other: Objective): boolean {
  if (JSON.stringify(one.metric) !== JSON.stringify(other.metric) || isFloor(one) === isFloor(other)) return false;
  const [floor, limit] = isFloor(one) ? [one.target, other.target] : [other.target, one.target];
  return floor.value > limit.value || (floor.value === limit.value && !(floor.op === '>=' && limit.op === '<='));
}
