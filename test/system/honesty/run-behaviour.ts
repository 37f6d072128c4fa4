import type { Generator } from '../../../loadgen/thread/generator.ts';
import type { PhaseOutcome } from '../../../lib/analysis/outcome.ts';
import { decodeInterval, parseInterval } from '../../../lib/measure/codec.ts';
import { MeasurementBuilder } from '../../../lib/measure/measurement.ts';
import { planSteps, type Plan } from '../../../lib/plan/plan.ts';
import { lowerPlan } from '../../../lib/plan/lower.ts';
import type { PlanInput } from '../../../lib/plan/schema.ts';
import type { Account } from './account.ts';
import type { Behaviour } from './behaviour.ts';
import { MisbehavingServer } from './server.ts';

/**
 * `mixed`: arrivals, half of which meet the behaviour between two good steps, while the others make a good request alone.
 * `solo`: users who meet nothing but the behaviour.
 */
export type LoadKind = 'mixed' | 'solo';

/** Whose turn it is to be lied to; undici speaks HTTP/1.1 where a server knows nothing newer. */
export type SenderName = 'lean' | 'undici';

export interface Way {
  readonly kind: LoadKind;
  readonly sender: SenderName;
}

/** Both sides of one short run. */
export interface Seen {
  readonly behaviour: Behaviour;
  readonly plan: Plan;
  readonly outcome: PhaseOutcome;
  readonly account: Account;
  /** By the step's number. */
  readonly paths: readonly string[];
}

/** Longer than any reply takes that is no stall, on a machine that is very busy with something else. */
const SOUND_DEADLINE = '30s';

const PAUSE = { pause: '10ms' };

function loadOf(kind: LoadKind, { rate }: Behaviour): Pick<PlanInput, 'phases'> {
  const load =
    kind === 'mixed'
      ? { duration: '400ms', open: { rate: rate ?? 60 } }
      : { duration: '250ms', closed: { users: rate === undefined ? 3 : 1 } };
  return { phases: [{ name: kind, kind: 'sustained', ...load }] };
}

function scenariosOf(kind: LoadKind, behaviour: Behaviour): PlanInput['scenarios'] {
  const bad = { get: behaviour.step === undefined ? '/bad' : undefined, ...behaviour.step };
  const step = { ...bad, timeout: behaviour.deadline ?? SOUND_DEADLINE };
  if (kind === 'solo') return [{ name: 'solo', steps: [PAUSE, step] }];
  return [
    { name: 'journey', steps: [PAUSE, { get: '/before' }, step, { get: '/after' }] },
    { name: 'bystander', steps: [PAUSE, { get: '/bystander' }] },
  ];
}

/** The plan as a person would write it, but for the authority's file. */
export function planInputFor(kind: LoadKind, behaviour: Behaviour): PlanInput {
  const { insecure } = behaviour.tls ?? {};
  return {
    name: behaviour.name,
    timeout: behaviour.everywhere ? (behaviour.deadline ?? SOUND_DEADLINE) : SOUND_DEADLINE,
    headers: { 'x-id': '{{ $uuid }}' },
    tls: { insecure: insecure ?? false },
    scenarios: scenariosOf(kind, behaviour),
    ...loadOf(kind, behaviour),
  };
}

function planFor(kind: LoadKind, behaviour: Behaviour, sender: SenderName): Plan {
  const pem = behaviour.tls?.pem;
  const input = { ...planInputFor(kind, behaviour), http2: sender === 'undici' };
  return lowerPlan(input, { feeders: [], ...(pem !== undefined && { ca: pem }) });
}

export const pathsOf = (plan: Plan): string[] => planSteps(plan).map(({ step }) => step.path);

/** Loads a server of the behaviour for a moment, and returns what either side says of it. */
async function runBehaviour(generator: Generator, given: Behaviour, { kind, sender }: Way): Promise<Seen> {
  const behaviour = sender === 'undici' && given.undici !== undefined ? { ...given, honest: given.undici } : given;
  const plan = planFor(kind, behaviour, sender);
  const [phase] = plan.phases;
  if (phase === undefined) throw new RangeError('no phase');
  const server = new MisbehavingServer(behaviour);
  await server.listen();
  const builder = new MeasurementBuilder(phase.durationUs / 1e6);
  const startedAtMs = Date.now() + 20;
  const order = { plan, phase, number: 0, target: server.url, startAtMs: startedAtMs };
  const { lost } = await generator.run(order, new AbortController().signal, (interval) =>
    builder.add(interval.second, decodeInterval(parseInterval(interval))),
  );
  await server.close();
  return {
    behaviour,
    plan,
    outcome: {
      phase,
      startedAtMs,
      ranSeconds: phase.durationUs / 1e6,
      measurement: builder.build(),
      ...(lost !== undefined && { lost }),
    },
    account: server.account,
    paths: pathsOf(plan),
  };
}

const MOST_RUNS = 4;

/**
 * A generator that isn't let run for the whole of a phase sends nothing in it, which is no lie and proves nothing: the run is
 * repeated until `steps` of its steps were sent.
 */
export async function runUntilSent(generator: Generator, behaviour: Behaviour, way: Way, steps = 1): Promise<Seen> {
  let seen = await runBehaviour(generator, behaviour, way);
  for (let run = 1; run < MOST_RUNS && seen.outcome.measurement.total.steps.size < steps; run += 1) {
    seen = await runBehaviour(generator, behaviour, way);
  }
  return seen;
}
