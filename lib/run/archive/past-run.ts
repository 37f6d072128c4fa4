import { z } from 'zod';
import { comparedFigures } from '../../analysis/compare/figures.ts';
import type { PastRun, PastSubject } from '../../analysis/history/history.ts';
import { phasesThatCount, type Verdict } from '../../analysis/verdict.ts';
import { isSearch } from '../../plan/plan.ts';
import { askedOf, journeysOf, machineAt } from './compared-run.ts';
import type { RunKeys } from './keys.ts';
import { runAt, type StoredRun } from './run-record.ts';
import { jsonAt, type Store } from './store.ts';

const figure = z.number().nullish();
const times = z.object({ count: z.number(), p50: figure, p95: figure, p99: figure });

const pastPhase = z.object({
  name: z.string(),
  kind: z.enum(['warm-up', 'sustained', 'stress', 'recovery']),
  load: z.string(),
  durationSeconds: z.number().nullable(),
  validity: z.object({ verdict: z.string() }),
  ledger: z.object({ ok: z.number(), failed: z.number(), timedOut: z.number() }),
  throughputPerSecond: figure,
  errorRatio: figure,
  responseTimeUs: times,
  serviceTimeUs: times,
});

/** What a history reads of `summary.json`. */
const pastSummary = z.object({
  run: z.object({ version: z.string() }),
  verdict: z.custom<Verdict>((value) => typeof value === 'string'),
  partial: z.boolean().optional(),
  imported: z.object({ tool: z.string() }).optional(),
  phases: z.array(pastPhase),
  capacity: z.object({ verdict: z.string(), perSecond: figure }).optional(),
});

type PastPhase = z.infer<typeof pastPhase>;
type PastSummary = z.infer<typeof pastSummary>;

/**
 * A run as a history shows it; undefined where there is none, or none that is over.
 * @throws PlimsollError E-STORE-DAMAGED
 */
export async function pastRunAt(store: Store, keys: RunKeys): Promise<PastRun | undefined> {
  const [run, summary] = await Promise.all([
    runAt(store, keys),
    jsonAt(store, keys.file('summary.json'), (value) => pastSummary.parse(value)),
  ]);
  if (run === undefined || summary === undefined) return undefined;
  const made = { journeys: journeysOf(run.plan), machine: await machineAt(store, keys), ...toolOf(summary) };
  return {
    id: run.facts.id,
    startedAt: run.facts.startedAt,
    plan: run.plan.name,
    verdict: summary.verdict,
    version: summary.run.version,
    // What was broken off is another measurement than the whole.
    subjects: summary.partial === true ? [] : subjectsOf(run, summary, made),
  };
}

const toolOf = ({ run, imported }: PastSummary) => ({ version: run.version, tool: imported?.tool });

/** A search has its answer; its probes are others each time. */
function subjectsOf({ plan }: StoredRun, summary: PastSummary, made: object): readonly PastSubject[] {
  if (!isSearch(plan)) return phasesThatCount(summary.phases).map((phase) => subjectOf(phase, made));
  const { verdict, perSecond } = summary.capacity ?? {};
  const capacity = verdict === 'found' ? (perSecond ?? null) : null;
  return [{ name: 'search', conditions: JSON.stringify({ ...made, asked: askedOf(plan) }), figures: { capacity } }];
}

function subjectOf(phase: PastPhase, made: object): PastSubject {
  const { name, load, durationSeconds, validity, ledger, throughputPerSecond, errorRatio } = phase;
  const of = phase.responseTimeUs.count > 0 ? 'responseTime' : 'serviceTime';
  const percentiles = phase[`${of}Us`];
  const ended = ledger.ok + ledger.failed + ledger.timedOut;
  const known: Readonly<Record<string, number | null | undefined>> = {
    throughput: throughputPerSecond,
    errorRatio,
    [`${of}.p50`]: percentiles.p50,
    [`${of}.p95`]: percentiles.p95,
    [`${of}.p99`]: percentiles.p99,
  };
  const figures = comparedFigures.map((each) => {
    const isEvidence = validity.verdict !== 'void' && ended >= each.least;
    return [each.name, isEvidence ? (known[each.name] ?? null) : null] as const;
  });
  const seconds = Math.round(durationSeconds ?? 0);
  return { name, conditions: JSON.stringify({ ...made, load, seconds }), figures: Object.fromEntries(figures) };
}
