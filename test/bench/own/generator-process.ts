import { readFile } from 'node:fs/promises';
import { encodeInterval } from '../../../lib/measure/encode.ts';
import { lowerPlan } from '../../../lib/plan/lower.ts';
import type { PlanInput } from '../../../lib/plan/schema.ts';
import { PrecisionTimer } from '../../../loadgen/thread/precision-timer.ts';
import { runPhase } from '../../../loadgen/engine/phase.ts';
import { rehearse } from '../../../loadgen/task/rehearsal.ts';
import { rehearsalPlan } from '../../../loadgen/task/rehearsal-plan.ts';
import { senderFor } from '../../../loadgen/senders/index.ts';

/** The generator alone, as a task in the cloud is: no database to read, no report to write. Argument: a plan of one phase. */
const input = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as PlanInput;
const plan = lowerPlan(input, { feeders: [] });
const timer = new PrecisionTimer();
await Promise.all([timer.start(), rehearse(rehearsalPlan())]);
const sender = await senderFor(plan, plan.target ?? '');
const assignment = {
  plan,
  phase: plan.phases[0]!,
  number: 0,
  target: plan.target ?? '',
  share: { index: 0, of: 1 },
  startAtMs: Date.now() + 50,
};
await runPhase(assignment, {
  sender,
  timer,
  signal: new AbortController().signal,
  onInterval: (second, interval) => {
    process.stdout.write(`${JSON.stringify(encodeInterval({ phase: 0, worker: 0, second }, interval))}\n`);
  },
});
sender.close();
