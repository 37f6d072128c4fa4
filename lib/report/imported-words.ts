import type { PhaseFindings, StepFindings, TimesUs } from '../analysis/phase.ts';
import type { Provenance, TimeDefinition } from '../measure/provenance.ts';
import { counted, formatUs } from '../units.ts';
import { isPresent, showPerSecond, showRatio, showSeconds, showUs } from './numbers.ts';

const FROM: Readonly<Record<TimeDefinition['from'], string>> = {
  intended: 'the intended start',
  request: 'the start of the request',
  sending: 'sending',
};

const FAILED: Readonly<Record<TimeDefinition['failed'], string>> = {
  all: 'failed requests are in it',
  replies: 'replies of any status are in it, requests without a reply are not',
  none: 'failed requests are not in it',
};

/** `from sending to the last byte; no connecting in it; failed requests are in it; in steps of 1 ms`. */
export function describeTimes({ from, to, connect, failed, stepUs, stepRatio }: TimeDefinition): string {
  const connecting =
    connect === null ? 'perhaps with connecting' : connect ? 'connecting is in it' : 'connecting is not in it';
  const coarse = stepRatio === undefined ? '' : `, percentiles within ${showRatio(stepRatio)}`;
  const span = `from ${FROM[from]} to the ${to === 'first-byte' ? 'first' : 'last'} byte`;
  return `${span}; ${connecting}; ${FAILED[failed]}; in steps of ${formatUs(stepUs)}${coarse}`;
}

const EVIDENCE: Readonly<Record<Provenance['evidence'], string>> = {
  samples: 'single requests, from which the percentiles are computed',
  buckets: 'counts by time',
  summary: 'finished figures',
};

export const describeEvidence = ({ evidence }: Provenance): string => EVIDENCE[evidence];

export const toolName = ({ tool, version }: Provenance): string =>
  version === undefined ? tool : `${tool} ${version}`;

/** Of a phase or a step the times of the kind that the tool has. */
export const givenTimesOf = (
  { times }: Provenance,
  { responseTimeUs, serviceTimeUs }: Pick<StepFindings, 'responseTimeUs' | 'serviceTimeUs'>,
): TimesUs => (times.from === 'intended' ? responseTimeUs : serviceTimeUs);

export function importedHeadline(imported: Provenance, [phase]: readonly PhaseFindings[]): string {
  if (phase === undefined) return `${imported.tool} measured nothing.`;
  const { ledger, throughputPerSecond, errorRatio, durationSeconds } = phase;
  const times = givenTimesOf(imported, phase);
  const tail = (['p99', 'p95', 'p90', 'mean'] as const).find((name) => isPresent(times[name]));
  const parts = [
    `${imported.tool} sent ${counted(ledger.sent, 'request')}`,
    isPresent(durationSeconds) ? ` in ${showSeconds(durationSeconds)}` : '',
    isPresent(throughputPerSecond) ? `: ${showPerSecond(throughputPerSecond)} succeeded` : '',
    tail === undefined ? '' : `, ${tail} ${showUs(times[tail])} from ${FROM[imported.times.from]}`,
    isPresent(errorRatio) ? `, ${showRatio(errorRatio)} errors` : '',
  ];
  return `${parts.join('')}. There is no verdict: it was not measured here.`;
}

export const importedDoubts = ({ remarks, cannotSay }: Provenance): string[] => [...remarks, ...cannotSay];

export const importedNextSteps = ({ tool, evidence }: Provenance): string[] => [
  ...(evidence === 'summary'
    ? [`Export single requests from ${tool} where it can: they allow more (docs/interop.md).`]
    : []),
  'Keep this folder: a comparison reads it like any other run.',
];
