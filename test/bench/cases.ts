import { rowOf, type Row } from './figures.ts';
import { say } from './say.ts';
import { runPeer, type Found, type Run } from './runner.ts';
import type { Work } from './peers/peer.ts';
import { loadAverage } from './machine.ts';
import { totalOf, type Counts, type Server } from './server/server.ts';

/** How long a case runs, and how often. */
export interface Plan {
  readonly work: Work;
  readonly users: number;
  readonly perSecond: number;
  readonly seconds: number;
  /** Of the one short run that tells starting up from sending; 0: none. */
  readonly shortSeconds: number;
  readonly rounds: number;
}

export interface Entry {
  readonly peer: string;
  readonly version: string;
  readonly row: Row;
}

export interface CaseResult {
  readonly plan: Plan;
  readonly loadAverage: number;
  readonly entries: readonly Entry[];
  /** What went wrong, as sentences: peers that broke down, accounts that don't agree. */
  readonly remarks: readonly string[];
}

/** Rounds of A B C … A B C …, so that what disturbs the machine for a while disturbs everybody. */
export async function runCase(plan: Plan, found: readonly Found[], server: Server): Promise<CaseResult> {
  const able = found.filter(({ peer }) => peer.works[plan.work] !== undefined);
  const runs = new Map<Found, Run[]>(able.map((each) => [each, []]));
  const shorts = new Map<Found, Run>();
  const remarks: string[] = [];
  const loads = [loadAverage()];
  const run = async (each: Found, seconds: number, label: string): Promise<Run | undefined> => {
    try {
      const result = await runPeer(each, plan.work, { ...plan, seconds }, server);
      say(`${plan.work} ${label} ${each.peer.name}: ${describe(result)}`);
      if (result !== undefined) remarks.push(...disagreements(each, result, plan));
      return result;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      remarks.push(`${each.peer.name} broke down: ${message}`);
      say(remarks.at(-1) ?? '');
      return undefined;
    }
  };
  for (const each of plan.shortSeconds > 0 ? able : []) {
    const short = await run(each, plan.shortSeconds, 'short');
    if (short !== undefined) shorts.set(each, short);
  }
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const each of able) {
      const result = await run(each, plan.seconds, `${round}/${plan.rounds}`);
      if (result !== undefined) runs.get(each)?.push(result);
    }
    loads.push(loadAverage());
  }
  const entries = able.flatMap((each) => {
    const all = runs.get(each) ?? [];
    return all.length === 0 ? [] : [{ peer: each.peer.name, version: each.version, row: rowOf(all, shorts.get(each)) }];
  });
  return { plan, loadAverage: Math.max(...loads), entries, remarks: [...new Set(remarks)] };
}

function describe(run: Run | undefined): string {
  if (run === undefined) return 'nothing';
  const perSecond = Math.round(run.served / run.seconds);
  return `${((run.cpuSeconds * 1e6) / run.served).toFixed(1)} µs a request, ${perSecond}/s, ${run.cpuSeconds.toFixed(1)} s of CPU`;
}

/** The server's account against what was asked for and against the tool's: where the work was not the same for all. */
export function disagreements({ peer }: Pick<Found, 'peer'>, run: Run, { work, users }: Plan): string[] {
  const { servedBySteps, reported, served } = run;
  const remarks: string[] = [];
  if (served === 0) remarks.push(`${peer.name} sent nothing`);
  if (reported.failed > 0) remarks.push(`${peer.name} reports failures in ${work}`);
  if ((servedBySteps['refused'] ?? 0) > 0) remarks.push(`the server refused requests of ${peer.name} in ${work}`);
  // What was under way at the end is answered, but not reported: at most one a connection.
  if (Math.abs(served - reported.requests) > users)
    remarks.push(`${peer.name} counts other than the server in ${work}`);
  const wrong = work === 'scenario' ? stepsApart(servedBySteps) > users : (servedBySteps['get'] ?? 0) < served;
  if (wrong) remarks.push(`${peer.name} did other work than ${work} asks for`);
  return remarks;
}

const STEPS = ['login', 'list', 'job', 'bid', 'me'];

/** By how much the journey's steps differ in number: whole journeys have as many of each. */
function stepsApart(counts: Counts): number {
  const each = STEPS.map((step) => counts[step] ?? 0);
  return Math.max(...each) - Math.min(...each) + (totalOf(counts) - each.reduce((sum, n) => sum + n, 0));
}

/** Half of what the slowest peer with a rate of its own carried in the closed loop, in whole tens. */
export function halfOfSlowest(get: CaseResult, found: readonly Found[]): number {
  const able = new Set(found.filter(({ peer }) => peer.works.rate !== undefined).map(({ peer }) => peer.name));
  const carried = get.entries.filter(({ peer }) => able.has(peer)).map(({ row }) => row.servedPerSecond);
  return Math.max(10, Math.floor(Math.min(...carried) / 20) * 10);
}
