import { parseDurationUs } from '../../units.ts';
import { list, phasesOf, record, type Draft, type Found } from '../draft.ts';
import { quote, type Problem } from '../../document/problems.ts';

/** Phases that last no time, and plans that ask for no load. */
export function checkLoad(draft: Draft): Problem[] {
  const phases = phasesOf(draft);
  const idle = phases.length > 0 && phases.every(({ value }) => peakOf(value) === 0);
  return [
    ...phases.flatMap(lastsNoTime),
    ...(idle
      ? [{ path: ['phases'], text: 'no phase carries any load; raise a rate or a number of users above 0' }]
      : []),
  ];
}

function lastsNoTime({ path, value }: Found<Draft>): Problem[] {
  const { duration } = value;
  if (typeof duration === 'string')
    return isZero(duration)
      ? [{ path: [...path, 'duration'], text: `${quote(duration)} is no time; write 30s, say` }]
      : [];
  const stages = list(loadOf(value)['stages']);
  if (stages.length === 0 || !stages.every((stage) => isZero(record(stage)['duration']))) return [];
  return [{ path, text: 'lasts no time; give a stage a duration such as 30s' }];
}

const isZero = (value: unknown): boolean => typeof value === 'string' && parseDurationUs(value) === 0;

const loadOf = (phase: Draft): Draft => record(phase['open'] ?? phase['closed']);

/** The highest level that a phase names; undefined where it names none that could be read. */
function peakOf(phase: Draft): number | undefined {
  const load = loadOf(phase);
  const [ramp, spike] = [record(load['ramp']), record(load['spike'])];
  const stages = list(load['stages']).map(record);
  const named = [load['rate'], load['users'], ramp['from'], ramp['to'], spike['base'], spike['peak']];
  const levels = [...named, ...stages.flatMap((stage) => [stage['to'], stage['hold']])].filter(
    (level) => typeof level === 'number',
  );
  return levels.length === 0 ? undefined : Math.max(...levels);
}
