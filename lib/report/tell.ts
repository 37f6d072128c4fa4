import type { Bottleneck, PhaseSummary, Summary } from './summary.ts';
import type { Recommendation } from './report.ts';
import { formatNumber, formatRatio, formatUs } from '../units.ts';

/** The words of a report: what happened, what is doubtful, what to do. Every sentence rests on a figure of the summary. */
export interface Words {
  readonly headline: string;
  readonly doubts: readonly string[];
  readonly recommendations: readonly Recommendation[];
  readonly nextSteps: readonly string[];
}

export function tell(summary: Summary): Words {
  return {
    headline: headlineOf(summary),
    doubts: doubtsOf(summary),
    recommendations: recommendationsOf(summary),
    nextSteps: nextStepsOf(summary),
  };
}

function headlineOf(summary: Summary): string {
  const begin = summary.partial === true ? 'The run was stopped early: ' : '';
  return begin + sentence(summary);
}

function sentence(summary: Summary): string {
  const { phases, verdict, breakingPoint } = summary;
  const main = phases.findLast(({ kind }) => kind === 'sustained') ?? phases.at(-1);
  if (main === undefined) return `${summary.plan.name} ended before any phase was run.`;
  if (verdict === 'void') return `The measurement is void: ${firstReason(phases)}.`;
  if (verdict === 'unknown')
    return `${summary.plan.name} was measured only in part, so there is no verdict: ${firstUnknown(phases)}.`;
  if (verdict === 'fail') return `${summary.plan.name} missed its objectives: ${firstFailure(phases)}.`;
  const carried = `${summary.plan.name} carried ${formatNumber(main.throughputPerSecond)} requests/s${quality(main)}`;
  if (breakingPoint === undefined) return `${carried}; nothing broke.`;
  return `${carried}; it broke at ${breakingPointText(summary)}${culprit(summary.bottleneck)}.`;
}

const quality = ({ responseTimeUs, errorRatio }: PhaseSummary): string =>
  ` with a p99 of ${formatUs(responseTimeUs.p99 ?? 0)} and ${formatRatio(errorRatio ?? 0)} errors`;

function breakingPointText({ breakingPoint }: Summary): string {
  if (breakingPoint === undefined) return '';
  const { users, perSecond, objective } = breakingPoint;
  return `${formatNumber(perSecond)}/s with ${formatNumber(users)} users under way (${objective})`;
}

function culprit(bottleneck: Bottleneck | undefined): string {
  if (bottleneck === undefined || bottleneck.id === 'unknown' || bottleneck.id === 'none') return '';
  return `, where ${bottleneck.id} gives way first`;
}

const firstReason = (phases: readonly PhaseSummary[]): string => {
  const phase = phases.find(({ validity, kind }) => validity.verdict === 'void' && kind !== 'warm-up');
  return `in ${phase?.name ?? 'a phase'}, ${phase?.validity.reasons[0] ?? 'the generator could not keep up'}`;
};

function firstUnknown(phases: readonly PhaseSummary[]): string {
  const phase = phases.find(({ verdict, kind }) => verdict === 'unknown' && kind !== 'warm-up');
  const objective = phase?.objectives.find(({ verdict }) => verdict === 'unknown');
  return objective === undefined
    ? `nothing was sent in ${phase?.name ?? 'any phase'}`
    : `"${objective.objective}" has no figures`;
}

function firstFailure(phases: readonly PhaseSummary[]): string {
  const phase = phases.find(({ verdict, kind }) => verdict === 'fail' && kind !== 'warm-up');
  if (phase === undefined) return 'no phase passed';
  if (phase.ledger.ok === 0) return `in ${phase.name} not one of ${formatNumber(phase.ledger.sent)} requests succeeded`;
  const failed = phase.objectives.filter(({ verdict }) => verdict === 'fail').map(({ objective }) => objective);
  return `in ${phase.name}, ${failed.join('; ')}`;
}

function doubtsOf({ phases, partial }: Summary): string[] {
  const voids = phases.flatMap(({ name, validity }) => validity.reasons.map((reason) => `${name}: ${reason}.`));
  const unknown = phases.flatMap(({ name, objectives }) =>
    objectives
      .filter(({ verdict }) => verdict === 'unknown')
      .map(({ objective }) => `${name}: "${objective}" was not measured.`),
  );
  const stopped = partial === true ? ['The run was stopped before its end; later phases are missing.'] : [];
  return [...stopped, ...voids, ...unknown];
}

function recommendationsOf({ bottleneck, phases }: Summary): Recommendation[] {
  const recommendations: Recommendation[] = [];
  if (bottleneck !== undefined && bottleneck.id !== 'none') {
    recommendations.push({ text: bottleneck.remedy, because: bottleneck.evidence.join('; ') });
  }
  const failures = phases.flatMap(({ ledger }) => Object.entries(ledger.failures)).toSorted(([, a], [, b]) => b - a);
  const [kind, count] = failures[0] ?? [];
  if (kind !== undefined && count !== undefined) {
    recommendations.push({
      text: `Look for ${kind} in the service's log first; it is the most frequent failure.`,
      because: `${formatNumber(count)} requests of one phase failed so`,
    });
  }
  return recommendations;
}

function nextStepsOf({ breakingPoint, verdict, phases }: Summary): string[] {
  const steps: string[] = [];
  if (verdict === 'void') steps.push('Repeat the run as the reason above says; a void run can neither pass nor fail.');
  if (verdict === 'fail') steps.push('Mend the first cause above, and run the same plan again: one change a run.');
  if (breakingPoint !== undefined) {
    steps.push(
      `Plan for at most 70 % of the break, ${formatNumber(breakingPoint.perSecond * 0.7)}/s, until a capacity search says more.`,
    );
  } else if (phases.some(({ kind }) => kind === 'stress')) {
    steps.push('Nothing broke: raise the load of the stress phase until something does.');
  }
  steps.push('Keep summary.json as the baseline that the next run is compared with.');
  return steps;
}
