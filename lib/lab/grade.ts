import type { BottleneckId } from '../signals/signal.ts';
import { formatNumber, formatRatio } from '../units.ts';
import type { LabFault } from './catalogue.ts';

export type LabConfidence = 'low' | 'medium' | 'high';

/** What came of one experiment. */
export interface LabResult {
  readonly fault: string;
  readonly label: BottleneckId;
  /** What the diagnosis said; `unknown` where it said nothing. */
  readonly said: BottleneckId;
  readonly confidence: LabConfidence;
  /** It said the label, or another id that the fault's file counts as right. */
  readonly right: boolean;
  readonly evidence: readonly string[];
  /** Seconds from the fault's end until the service answered as before; null: not within the recovery phase. */
  readonly recoverySeconds?: number | null;
  /** Whether the data's invariants held at the end; `unchecked` where they could not be asked for. */
  readonly data: 'sound' | 'violated' | 'unchecked';
  /** Why the measurement counts for nothing; none where it is valid. */
  readonly voidReasons: readonly string[];
}

/** Of a run's summary.json what an experiment looks at. */
interface RunSummary {
  readonly phases: readonly {
    readonly name: string;
    readonly validity: { readonly verdict: string; readonly reasons: readonly string[] };
  }[];
  readonly bottleneck?: {
    readonly id: BottleneckId;
    readonly confidence: LabConfidence;
    readonly evidence: readonly string[];
  };
  readonly recovery?: { readonly seconds: number | null };
  readonly integrity?: { readonly verdict: 'pass' | 'fail' | 'unknown' };
}

const SILENT = { id: 'unknown', confidence: 'low', evidence: ['the run named no bottleneck'] } as const;

export function resultOf({ name, bottleneck: label, alsoRight }: LabFault, summary: RunSummary): LabResult {
  const { id: said, confidence, evidence } = summary.bottleneck ?? SILENT;
  return {
    fault: name,
    label,
    said,
    confidence,
    right: said === label || alsoRight.includes(said),
    evidence,
    ...(summary.recovery !== undefined && { recoverySeconds: summary.recovery.seconds }),
    data: DATA[summary.integrity?.verdict ?? 'unknown'],
    voidReasons: summary.phases.flatMap(({ name: phase, validity }) =>
      validity.verdict === 'void' ? validity.reasons.map((reason) => `${phase}: ${reason}`) : [],
    ),
  };
}

const DATA = { pass: 'sound', fail: 'violated', unknown: 'unchecked' } as const;

const DATA_WORDS = {
  sound: 'every invariant holds',
  violated: 'an invariant is violated: GET /api/invariants counts the rows',
  unchecked: 'could not be checked',
} as const;

interface Share {
  readonly right: number;
  readonly of: number;
}

/** How good a diagnosis was over many experiments; void ones are left out, and counted. */
export interface LabGrade {
  /** Of the runs with a fault. */
  readonly accuracy: Share;
  /** Of the healthy runs: how many a bottleneck was named in. `unknown` names none. */
  readonly falseAlarms: { readonly count: number; readonly of: number };
  readonly calibration: Readonly<Record<LabConfidence, Share>>;
  /** By label, and then by what was said, how often. */
  readonly confusion: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly voided: number;
}

export function gradeOf(results: readonly LabResult[]): LabGrade {
  const valid = results.filter(({ voidReasons }) => voidReasons.length === 0);
  const [healthy, faulty] = [valid.filter(isHealthy), valid.filter((each) => !isHealthy(each))];
  const confusion: Record<string, Record<string, number>> = {};
  for (const { label, said } of valid) {
    const row = (confusion[label] ??= {});
    row[said] = (row[said] ?? 0) + 1;
  }
  const surely = (confidence: LabConfidence): Share =>
    shareOf(valid.filter((each) => each.confidence === confidence && each.said !== 'unknown'));
  return {
    accuracy: shareOf(faulty),
    falseAlarms: {
      count: healthy.filter(({ said }) => said !== 'none' && said !== 'unknown').length,
      of: healthy.length,
    },
    calibration: { high: surely('high'), medium: surely('medium'), low: surely('low') },
    confusion,
    voided: results.length - valid.length,
  };
}

const isHealthy = ({ label }: LabResult): boolean => label === 'none';

const shareOf = (results: readonly LabResult[]): Share => ({
  right: results.filter(({ right }) => right).length,
  of: results.length,
});

const describeShare = ({ right, of }: Share): string =>
  of === 0 ? 'no run' : `${right} of ${of} right (${formatRatio(right / of)})`;

/** The grade for people: figures, and for each label what was said of it. */
export function describeGrade({ accuracy, falseAlarms, calibration, confusion, voided }: LabGrade): string {
  const rows = Object.entries(confusion).map(([label, said]) => {
    const counts = Object.entries(said)
      .toSorted(([, a], [, b]) => b - a)
      .map(([id, count]) => `${id} ${count}`);
    return `  ${label.padEnd(22)} ${counts.join(', ')}`;
  });
  return [
    `Named rightly:  ${describeShare(accuracy)}`,
    `False alarms:   ${falseAlarms.count} of ${falseAlarms.of} healthy runs`,
    ...(['high', 'medium', 'low'] as const).map(
      (confidence) => `${`Of ${confidence}:`.padEnd(15)} ${describeShare(calibration[confidence])}`,
    ),
    ...(voided === 0 ? [] : [`Void:           ${voided}, left out of all of the above`]),
    'Label, and what was said of it:',
    ...rows,
  ].join('\n');
}

/** An experiment for people: what a learner should see, what was said, and how long it took to recover. */
export function describeResult({ title, experiment, alsoRight }: LabFault, result: LabResult): string {
  const { label, said, confidence, right } = result;
  const asked = [label, ...alsoRight].join(' or ');
  return [
    `${experiment.fault}: ${title}`,
    `  Happens:    ${experiment.happens}`,
    `  Why:        ${experiment.why}`,
    `  To be seen: ${experiment.signs}`,
    `  Prevention: ${experiment.prevention}`,
    `  Diagnosis:  ${said} (${confidence}), ${right ? 'right' : 'wrong'}: it is ${asked}`,
    ...result.evidence.map((line) => `              ${line}`),
    `  Recovery:   ${describeRecovery(result)}`,
    `  Data:       ${DATA_WORDS[result.data]}`,
    ...result.voidReasons.map((reason) => `  Void:       ${reason}`),
  ].join('\n');
}

function describeRecovery({ recoverySeconds }: LabResult): string {
  if (recoverySeconds === undefined) return 'not measured';
  if (recoverySeconds === null) return 'not within the recovery phase';
  return `as before ${formatNumber(recoverySeconds)} s after the fault was off`;
}
