import { counted, formatNumber, formatRatio, formatUs } from '../units.ts';
import { parseObjective, requestNames, stepsNamed } from '../plan/objective.ts';
import type { CapacityFinding } from '../analysis/capacity/finding.ts';
import { capacityClause, showRate } from './capacity-words.ts';
import {
  importedDoubts,
  importedHeadline,
  importedNextSteps,
  importedPhases,
  importedRecommendations,
  isImported,
} from './imported-words.ts';
import { abortedSentence, bottleneckName, failureCounts, showLoad } from './figures.ts';
import type { Recommendation } from './report.ts';
import { phasesThatCount, type Verdict } from '../analysis/verdict.ts';
import type { Bottleneck } from '../analysis/bottleneck.ts';
import type { PhaseFindings } from '../analysis/phase.ts';
import type { Summary } from './summary.ts';
import { watchedClause, watchedRecommendations } from './watched-words.ts';

/** The words of a report: what happened, what is doubtful, what to do. Every sentence rests on a figure of the summary. */
export interface Words {
  readonly headline: string;
  readonly doubts: readonly string[];
  readonly recommendations: readonly Recommendation[];
  readonly nextSteps: readonly string[];
}

export function narrate(summary: Summary): Words {
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
  const { phases, verdict } = summary;
  const { name } = summary.plan;
  if (isImported(summary)) return importedHeadline(importedPhases(summary));
  if (phases.length === 0) return `${name} ended before any phase was run.`;
  if (summary.capacity !== undefined)
    return `${name} ${capacityClause(summary.capacity)}${culprit(summary.bottleneck)}.`;
  switch (verdict) {
    case 'void':
      return `The measurement is void: ${firstReason(phases)}.`;
    case 'unknown':
      return `${name} was measured only in part, so there is no verdict: ${firstUnknown(summary)}.`;
    case 'fail':
      return firstThat(phases, 'fail') === undefined
        ? `${name} carried ${carried(phases)}, but ${watchedClause(summary, 'fail') ?? 'it failed as a whole'}${breakClause(summary)}.`
        : `${name} missed its objectives: ${firstFailure(phases)}${breakClause(summary)}.`;
    case 'pass':
    case 'warn':
      return `${name} carried ${carried(phases)}${breakClause(summary) || ending(summary)}.`;
  }
}

/** The last sustained phase speaks for the run, or the last phase of any kind; one without a reply has nothing to say. */
function carried(phases: readonly PhaseFindings[]): string {
  const heard = phasesThatCount(phases).filter(({ responseTimeUs }) => responseTimeUs.p99 !== null);
  const main = heard.findLast(({ kind }) => kind === 'sustained') ?? heard.at(-1);
  if (main === undefined) return 'no load, as planned';
  const { throughputPerSecond, responseTimeUs, errorRatio } = main;
  const p99 = formatUs(responseTimeUs.p99 ?? Number.NaN);
  const errors = formatRatio(errorRatio ?? Number.NaN);
  return `${formatNumber(throughputPerSecond)} requests/s with a p99 of ${p99} and ${errors} errors`;
}

function ending(summary: Summary): string {
  const { verdict, phases } = summary;
  if (verdict === 'pass') return '; nothing broke';
  const phase = firstThat(phases, 'warn');
  if (phase === undefined) return `; it warns: ${watchedClause(summary, 'warn') ?? 'as a whole'}`;
  return `; it warns in ${phase?.name ?? ''}: ${objectivesThat(phase, 'warn')}`;
}

/** Where it broke, and what gave way; nothing where nothing broke. */
function breakClause(summary: Summary): string {
  const { breakingPoint, bottleneck } = summary;
  if (breakingPoint === undefined) return '';
  const { users, perSecond, objective, alreadyBroken } = breakingPoint;
  const verb = alreadyBroken ? 'it was already broken' : 'it broke';
  const load = `${showLoad(summary, perSecond)} with ${formatNumber(users)} users under way`;
  return `; ${verb} at ${load} (${objective})${culprit(bottleneck)}`;
}

function culprit(bottleneck: Bottleneck | undefined): string {
  if (bottleneck === undefined || bottleneck.id === 'none') return '';
  const { id, signal, confidence } = bottleneck;
  if (id === 'unknown') return signal === undefined ? '' : ', while the machine was full';
  return `, ${confidence === 'low' ? 'perhaps ' : ''}first to give way: ${bottleneckName(bottleneck)}`;
}

/** The phase that gave the run this verdict first. */
const firstThat = (phases: readonly PhaseFindings[], wanted: Verdict): PhaseFindings | undefined =>
  phasesThatCount(phases).find(({ verdict }) => verdict === wanted);

const objectivesThat = (phase: PhaseFindings | undefined, wanted: Verdict): string =>
  (phase?.objectives ?? [])
    .filter(({ verdict }) => verdict === wanted)
    .map(({ objective }) => objective)
    .join('; ');

function firstReason(phases: readonly PhaseFindings[]): string {
  const phase = firstThat(phases, 'void');
  return `in ${phase?.name ?? ''}, ${phase?.validity.reasons[0] ?? ''}`;
}

function firstUnknown(summary: Summary): string {
  const phase = firstThat(summary.phases, 'unknown');
  if (phase === undefined) return watchedClause(summary, 'unknown') ?? 'later phases are missing';
  if (phase.responseTimeUs.count === 0) return `no request came to its end in ${phase.name}`;
  return `"${objectivesThat(phase, 'unknown')}" has no figures in ${phase.name}`;
}

function firstFailure(phases: readonly PhaseFindings[]): string {
  const phase = firstThat(phases, 'fail');
  if (phase?.ledger.ok === 0)
    return `in ${phase.name} not one of ${formatNumber(phase.ledger.sent)} requests succeeded`;
  const missed = objectivesThat(phase, 'fail');
  // A phase may fail for its target's collapse alone.
  const failures = `${formatRatio(phase?.errorRatio ?? Number.NaN)} of the requests failed`;
  return `in ${phase?.name ?? ''}, ${missed === '' ? failures : missed}`;
}

/** A percentile of so few values that it is the largest of them speaks of one request, not of a share. */
function fewSamples(phase: PhaseFindings): string[] {
  return phase.objectives.flatMap(({ objective }) => {
    const metric = parseObjective(objective)?.metric;
    if (metric?.of !== 'responseTime' && metric?.of !== 'serviceTime') return [];
    // How many there were in the worst position of a window is not recorded.
    if (metric.overSeconds !== undefined) return [];
    const count = countOf(phase, metric.requests, `${metric.of}Us`);
    if (typeof metric.stat !== 'number' || metric.stat >= 100 || count === 0) return [];
    // Nearest rank, multiplied before it is divided: 99.9 / 100 · 1000 is 999.0000000000001.
    if (Math.ceil((metric.stat * count) / 100) < count) return [];
    return [`${phase.name}: "${objective}" rests on ${counted(count, 'request')}, so it is the slowest of them.`];
  });
}

/** How many requests of a name have such a time. */
function countOf(phase: PhaseFindings, requests: string | undefined, time: 'responseTimeUs' | 'serviceTimeUs'): number {
  if (requests === undefined) return phase[time].count;
  const all = phase.scenarios.flatMap(({ name: scenario, steps }) => steps.map((step) => ({ ...step, scenario })));
  const numbers = stepsNamed(requests, requestNames(all.map(({ scenario, name }) => ({ scenario, step: name }))));
  return numbers === 'unclear' ? 0 : numbers.reduce((sum, number) => sum + (all[number]?.[time].count ?? 0), 0);
}

/** Scenarios of which a phase that sent something sent nothing: they have no share in its figures. */
const neverRun = ({ name, ledger, scenarios }: PhaseFindings): string[] =>
  ledger.sent === 0
    ? []
    : scenarios
        .filter(({ steps }) => steps.length > 0 && steps.every((step) => step.ledger.sent === 0))
        .map((scenario) => `${name}: no user came to the scenario "${scenario.name}", so no figure holds any of it.`);

/** What single probes lack is no doubt of a search: it weighs them, and lists them all. */
function doubtsOf(summary: Summary): string[] {
  const { phases, partial, capacity } = summary;
  if (isImported(summary)) return importedDoubts(importedPhases(summary));
  if (capacity !== undefined) return partial === true ? ['The search was stopped before its end.'] : [];
  const voids = phases.flatMap(({ name, validity }) => validity.reasons.map((reason) => `${name}: ${reason}.`));
  const unknown = phases.flatMap(({ name, objectives }) =>
    objectives
      .filter(({ verdict }) => verdict === 'unknown')
      .map(({ objective }) => `${name}: "${objective}" was not measured.`),
  );
  const late = phases.flatMap(({ name, validity }) => (validity.doubts ?? []).map((doubt) => `${name}: ${doubt}.`));
  const ended = phases.flatMap(({ name, aborted }) =>
    aborted === undefined ? [] : [`${name} was ended early: ${abortedSentence(aborted)}.`],
  );
  const stopped = partial === true ? ['The run was stopped before its end; later phases are missing.'] : [];
  return [
    ...stopped,
    ...ended,
    ...voids,
    ...unknown,
    ...late,
    ...phases.flatMap(neverRun),
    ...phases.flatMap(fewSamples),
  ];
}

function recommendationsOf(summary: Summary): Recommendation[] {
  const { bottleneck } = summary;
  const recommendations: Recommendation[] = importedRecommendations(importedPhases(summary));
  if (bottleneck !== undefined && bottleneck.id !== 'none') {
    recommendations.push({ text: bottleneck.remedy, because: bottleneck.evidence.join('; ') });
  }
  recommendations.push(...watchedRecommendations(summary));
  const [failure] = failureCounts(summary);
  if (failure !== undefined) {
    recommendations.push({
      text: `Look for the cause of "${failure.kind}" first; it is the most frequent failure.`,
      because: `${formatNumber(failure.count)} requests failed so: ${failure.meaning}`,
    });
  }
  return recommendations;
}

function nextStepsOf(summary: Summary): string[] {
  const { breakingPoint, verdict, phases, capacity } = summary;
  if (isImported(summary)) return importedNextSteps(importedPhases(summary));
  const steps: string[] = [];
  if (capacity !== undefined) return nextOfSearch(capacity);
  if (verdict === 'void') steps.push('Repeat the run as the reason above says; a void run can neither pass nor fail.');
  if (verdict === 'fail') steps.push('Mend the first cause above, and run the same plan again: one change a run.');
  if (breakingPoint?.alreadyBroken) {
    steps.push(
      `Lower the load until every objective holds: the break lies below ${showLoad(summary, breakingPoint.perSecond)}.`,
    );
  } else if (breakingPoint !== undefined) {
    const safe = showLoad(summary, breakingPoint.perSecond * 0.7);
    steps.push(`Plan for at most 70 % of the break, ${safe}.`);
  } else if (verdict === 'pass' && phases.some(({ kind }) => kind === 'stress')) {
    steps.push('Nothing broke: raise the load of the stress phase until something does.');
  }
  steps.push('Keep summary.json, so that the figures of the next run can be held against these.');
  return steps;
}

function nextOfSearch({ verdict, perSecond, interval }: CapacityFinding): string[] {
  if (verdict === 'declining')
    return ['Look for what grows with each request: a leak, a table without an index, a list that is never emptied.'];
  if (verdict === 'unknown' || perSecond === undefined)
    return ['Repeat the search as the reason above says; until then plan with no more than what was confirmed.'];
  const safe = showRate(0.7 * (interval?.[0] ?? perSecond));
  return [
    `Plan for at most 70 % of the lower end of the interval, ${safe} arrivals/s, so that a lost instance or a burst finds room.`,
  ];
}
