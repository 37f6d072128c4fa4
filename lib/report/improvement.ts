import { isImported } from './imported-words.ts';
import { showLoad } from './figures.ts';
import type { Summary } from './summary.ts';

/** A step of the plan of improvement: what to do, by which command where there is one, and how to see that it is done. */
export interface ImprovementStep {
  readonly what: string;
  readonly command?: string;
  readonly doneWhen: string;
}

/** More changes than this are a list of wishes: what comes after them is found by the next measurement. */
const MOST_CHANGES = 3;

/** Measure, change one thing, measure again; none where nothing gave way, or another tool has measured. `<plan>` is the plan's file. */
export function improvementOf(summary: Summary): readonly ImprovementStep[] {
  const { breakingPoint, verdict } = summary;
  const changes = changesOf(summary);
  const gaveWay = verdict === 'fail' || breakingPoint !== undefined;
  if (changes.length === 0 || !gaveWay || isImported(summary)) return [];
  const missed = summary.diagnosis?.missed ?? breakingPoint?.objective ?? 'every objective';
  const load = breakingPoint === undefined ? 'the same load' : showLoad(summary, breakingPoint.perSecond);
  return [
    {
      what: 'Measure how much runs differ here, with nothing changed.',
      command: 'plimsoll run <plan> --repeat 5 --out runs/before',
      doneWhen: 'five runs lie there, and none is void',
    },
    ...changes.flatMap((what, at) => [
      { what, doneWhen: 'it is in force, and nothing else was changed' },
      {
        what: `Measure change ${at + 1} against the runs before it.`,
        command: `plimsoll run <plan> --repeat 5 --out runs/after-${at + 1} && plimsoll compare ${at === 0 ? 'runs/before' : `runs/after-${at}`} runs/after-${at + 1} --fail-on worse`,
        doneWhen: `nothing is worse; when ${missed} holds at ${load}, leave out the changes that follow`,
      },
    ]),
    {
      what: 'Search the new capacity: once a cause is gone, another one is first.',
      command: 'plimsoll capacity <plan>',
      doneWhen: `it lies above ${load}, and plan and policy are set by it`,
    },
  ];
}

/** The remedy of what gave way first, and those of other causes that are more than possible. */
function changesOf({ bottleneck, diagnosis }: Summary): readonly string[] {
  if (bottleneck === undefined || bottleneck.id === 'none') return [];
  const others = (diagnosis?.causes ?? []).filter(({ confidence }) => confidence !== 'low');
  const remedies = [bottleneck.remedy, ...others.map(({ remedy }) => remedy)].filter((remedy) => remedy !== '');
  // The first one may say before its remedy where to begin.
  const isNew = (remedy: string, at: number): boolean =>
    !remedies.slice(0, at).some((earlier) => earlier.endsWith(remedy));
  return remedies.filter(isNew).slice(0, MOST_CHANGES);
}
