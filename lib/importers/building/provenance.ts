import type { GivenTimes } from '../../measure/given.ts';
import { PROVENANCE_FORMAT, type GivenGroup, type Provenance } from '../../measure/provenance.ts';
import type { Imported } from '../reading/importer.ts';
import { shownName } from './names.ts';

/** The figures as the tool gave them. */
export interface GivenFigures {
  readonly groups: readonly GivenGroup[];
  readonly all: GivenTimes | undefined;
}

/** What was found out of a run beside what the importer says. */
export interface Known {
  readonly startedAtMs: number | undefined;
  readonly seconds: number;
  readonly namesAreBounded: boolean;
}

/** Where the run's figures come from, but for its files. */
export function provenanceOf(
  imported: Imported,
  { groups, all }: GivenFigures,
  known: Known,
): Omit<Provenance, 'files'> {
  const { tool, version, evidence, times, model, beside = [], cannotSay } = imported;
  const { startedAtMs, seconds, namesAreBounded } = known;
  return {
    format: PROVENANCE_FORMAT,
    tool,
    ...(version !== undefined && { version: shownName(version) }),
    evidence,
    times,
    model,
    startedAt: startedAtMs === undefined ? null : new Date(startedAtMs).toISOString(),
    durationSeconds: Number.isFinite(seconds) ? seconds : null,
    ...(all !== undefined && { all }),
    groups,
    beside: beside.map((group) => ({ ...group, name: shownName(group.name) })),
    cannotSay: [...cannotSay, ...alwaysUnsaid(imported, known)],
    remarks: [...lineRemarks(imported), ...(imported.remarks ?? []), ...nameRemark(namesAreBounded)],
  };
}

function alwaysUnsaid({ times, evidence }: Imported, { startedAtMs, seconds }: Known): string[] {
  const sentences: readonly (readonly [boolean, string])[] = [
    [
      times.from !== 'intended',
      'It holds no response time from the intended start: what a request waited before it was sent is in no figure.',
    ],
    [evidence !== 'samples', 'Its percentiles are as the tool gave them, and can be neither merged nor recomputed.'],
    [startedAtMs === undefined, 'It does not say when the test ran; the moment of the import stands for it.'],
    [!Number.isFinite(seconds), 'It does not say how long the test took, so there is no rate.'],
    [true, 'It does not say whether the generator was late or short of CPU, so validity is unknown.'],
  ];
  return sentences.flatMap(([holds, sentence]) => (holds ? [sentence] : []));
}

function lineRemarks({ lines }: Imported): string[] {
  if (lines === undefined) return [];
  const { good, bad, firstBad, cut } = lines;
  const unread =
    bad === 0
      ? []
      : [
          `${bad} of ${good + bad} records could not be read and are left out; the first is in line ${firstBad?.line}: ${firstBad?.why}.`,
        ];
  return cut === true ? [...unread, 'The file ends within a record; what came before it is imported.'] : unread;
}

const nameRemark = (areBounded: boolean): string[] =>
  areBounded ? ['It has more than 1,000 names of requests; the rest is counted as "other".'] : [];
