import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPlan } from '../../lib/adapters/node/plan-file.ts';
import { firstHop, reach } from '../../lib/adapters/node/preflight.ts';
import { hiderFor } from '../../lib/document/hidden.ts';
import { exitCodes, PlimsollError } from '../../lib/errors.ts';
import { addLedger, emptyLedger, type Ledger } from '../../lib/measure/ledger.ts';
import { planSteps, type Plan } from '../../lib/plan/plan.ts';
import type { Phase } from '../../lib/plan/phase.ts';
import { BUILT_IN_TARGET } from '../../lib/plan/schema.ts';
import { allowListFrom, refuseUnsafe, type AllowList } from '../../lib/run/safety.ts';
import { signals } from '../../lib/signals/index.ts';
import { beginHooks } from '../../loadgen/hooks/begin.ts';
import { runPhase } from '../../loadgen/engine/phase.ts';
import { senderFor } from '../../loadgen/senders/index.ts';
import { PrecisionTimer } from '../../loadgen/thread/precision-timer.ts';
import { refuseAddress } from '../local/address-plan.ts';
import { teardownDoubts } from '../../lib/run/archive/once-files.ts';
import { sendChecks, setUp, tearDown, type SetUpPlan } from '../local/once.ts';
import { Started } from '../local/started.ts';
import { targetUnderTest } from '../local/target-under-test.ts';
import { differencesUnderLoad } from '../local/trial/under-load.ts';
import { Onlooker } from '../local/trial/onlooker.ts';
import { callerPath } from '../paths.ts';
import { printMessage, printResult } from '../terminal.ts';
import { listenForInterrupt } from '../local/interrupt.ts';

/** Sends one journey of each scenario, prints every exchange, and returns 0 where every check held. */
export async function tryCommand(path: string, { target }: { readonly target?: string }): Promise<number> {
  const env = process.env;
  const loaded = await loadPlan(callerPath(path), { signalIds: signals.map(({ id }) => id), env });
  if (target !== undefined) refuseAddress('--target', target);
  const plan = target === undefined ? loaded.plan : { ...loaded.plan, target };
  const allowed = allowListFrom(env);
  if (plan.target !== undefined && plan.target !== BUILT_IN_TARGET) refuseUnsafe(plan, new URL(plan.target), allowed);
  await using started = new Started();
  const folder = started.adopt(await mkdtemp(join(tmpdir(), 'plimsoll-try-')), (each) =>
    rm(each, { recursive: true, force: true }),
  );
  const { signal } = started.adopt(listenForInterrupt('Stopping; the teardown follows.'), (each) => each.close());
  const underTest = await targetUnderTest(plan, folder, started, signal);
  refuseUnsafe(plan, underTest.target, allowed);
  await reach(firstHop(plan, underTest.target), signal);
  const onlooker = new Onlooker(hiderFor(plan, env));
  const failed = await tryPlan(plan, { target: underTest.target, allowed, signal, onlooker });
  if (signal.aborted) throw new PlimsollError('E-INTERRUPTED', 'It was stopped before all scenarios had been tried.');
  printResult(['\nUnder load:', ...differencesUnderLoad(plan)].join('\n  '));
  return failed === 0 ? exitCodes.passed : exitCodes.objectivesFailed;
}

/** Setup, a journey of each scenario, checks and teardown; returns how many steps failed. */
async function tryPlan(plan: Plan, trial: Trial): Promise<number> {
  const { signal, onlooker } = trial;
  const once = { ...trial, watch: onlooker.of };
  if (plan.setup !== undefined) printResult('\nsetup');
  const ready = await setUp(plan, once, signal);
  let failed = 0;
  try {
    for (const scenario of plan.scenarios) {
      if (signal.aborted) break;
      printResult(`\n${scenario.name}`);
      failed += await tryScenario({ ...ready.plan, scenarios: [scenario] }, trial);
    }
  } finally {
    failed += await tryLast(ready, once, onlooker);
  }
  return failed;
}

async function tryLast(ready: SetUpPlan, once: Parameters<typeof sendChecks>[1], { hide }: Onlooker): Promise<number> {
  if (ready.plan.checks !== undefined) printResult('\nchecks');
  const checks = await sendChecks(ready, once);
  const failed =
    checks === undefined ? 0 : printSteps(Object.keys(checks.steps), new Map(Object.entries(checks.steps)), hide);
  if (ready.plan.teardown !== undefined) printResult('\nteardown');
  const doubts = teardownDoubts(await tearDown(ready, once));
  for (const doubt of doubts) printMessage(doubt);
  return failed + doubts.length;
}

interface Trial {
  readonly target: URL;
  readonly allowed: AllowList;
  readonly signal: AbortSignal;
  readonly onlooker: Onlooker;
}

/** Runs the only scenario of a plan once, and returns how many of its steps failed; a journey that was dropped is one. */
async function tryScenario(plan: Plan, { target, allowed, signal, onlooker }: Trial): Promise<number> {
  const own = await senderFor(plan, target.href);
  const hooks = await beginHooks(plan, target.href);
  const done = new AbortController();
  const ledgers = new Map<string, Ledger>();
  const steps = planSteps(plan);
  const watch = onlooker.of(plan.scenarios.flatMap((each) => [...each.onStart, ...each.steps]));
  const share = { index: 0, of: 1 };
  const timer = new PrecisionTimer();
  let dropped = 0;
  await runPhase(
    { plan, phase: ONE_ARRIVAL, number: 0, target: target.href, allowed, share, startAtMs: Date.now() },
    {
      sender: watch.sender(own),
      judged: watch.judged,
      timer,
      hooks,
      signal: AbortSignal.any([signal, done.signal]),
      onInterval: (_, { arrivals, steps: records }) => {
        for (const [number, { ledger }] of records) {
          const name = steps[number]?.step.name ?? '';
          const sum = ledgers.get(name) ?? emptyLedger();
          addLedger(sum, ledger);
          ledgers.set(name, sum);
        }
        dropped += arrivals.dropped;
        if (arrivals.completed + arrivals.abandoned + arrivals.dropped > 0) done.abort();
      },
    },
  );
  own.close();
  await hooks?.close();
  const failed = printSteps(
    steps.map(({ step }) => step.name),
    ledgers,
    onlooker.hide,
  );
  if (dropped > 0) printResult('  The journey was dropped before its first step: no row of a feeder is left for it.');
  return failed + dropped;
}

/** One arrival at once, and time for the longest journey. */
const ONE_ARRIVAL: Phase = {
  name: 'try',
  kind: 'sustained',
  model: 'open',
  segments: [
    { durationUs: 1e6, from: 1, to: 1 },
    { durationUs: 86_400e6, from: 0, to: 0 },
  ],
  durationUs: 86_401e6,
  process: 'uniform',
  patienceUs: 60e6,
  objectives: [],
  stopOnFail: false,
};

/** What its captures and checks came to, step by step; those that were not reached are said to be. */
function printSteps(
  names: readonly string[],
  ledgers: ReadonlyMap<string, Ledger>,
  hide: (text: string) => string,
): number {
  let failed = 0;
  printResult('');
  for (const name of new Set(names)) {
    const { sent, ok, timedOut, failures, examples } = ledgers.get(name) ?? emptyLedger();
    const kinds = [
      ...Object.keys(failures).map((kind) => withExample(kind, examples?.[kind])),
      ...(timedOut > 0 ? ['timed out'] : []),
    ];
    failed += kinds.length;
    const came =
      kinds.length > 0 ? `failed as ${kinds.join(', ')}` : sent === 0 ? 'not reached' : `${ok} of ${sent} ok`;
    printResult(`  ${hide(`${name}: ${came}`)}`);
  }
  return failed;
}

const withExample = (kind: string, example: string | undefined): string =>
  example === undefined ? kind : `${kind}: ${example}`;
