import { createInterface } from 'node:readline';
import { StepFunctionsWorkflow } from '../../../lib/adapters/aws/step-functions-workflow.ts';
import { exitCodes, PlimsollError } from '../../../lib/errors.ts';
import { coversHost } from '../../../lib/environment/hosts.ts';
import { type Environment, hasCollector } from '../../../lib/environment/environment.ts';
import { COLLECTOR_TASK } from '../../../lib/environment/load-test.ts';
import { prices } from '../../../lib/environment/cost/prices.ts';
import { oneLine } from '../../../lib/report/numbers.ts';
import { describePlan } from '../../../lib/plan/describe-load.ts';
import type { Plan } from '../../../lib/plan/plan.ts';
import { BUILT_IN_TARGET } from '../../../lib/plan/schema.ts';
import { consoleLink, executionArn } from '../../../lib/run/workflow/arn.ts';
import { refuseUnending } from '../../../lib/run/workflow/bounds.ts';
import { describeCost, expectedCost } from '../../../lib/run/workflow/cost.ts';
import { lockHolder } from '../../../lib/run/archive/lock.ts';
import { refuseUnsafe } from '../../../lib/run/safety.ts';
import { printResult, printMessage } from '../../terminal.ts';
import { type CloudOptions, type LoadTestLocation, locateLoadTest } from '../../cloud/load-test-location.ts';
import { planToRun } from '../../cloud/plan-upload.ts';

interface Options extends CloudOptions {
  readonly phase?: readonly string[];
  readonly capacity?: boolean;
  readonly yes?: boolean;
}

/** Starts a run of the workflow, after it has printed what will run and what that may cost. */
export async function cloudStartCommand(given: string, options: Options): Promise<number> {
  const location = await locateLoadTest(options);
  const stateMachineArn = machineOf(location);
  const { input, plan, uploads } = await planToRun(given, options, location.store);
  const workflow = new StepFunctionsWorkflow();
  refuseInVain(plan, location.environment);
  await refuseSecond(location, workflow);
  const name = executionName(plan, new Date());
  printMessage(`${oneLine(plan.name)}: ${describePlan(plan)}`);
  printMessage(`Cost:    ${costLine(plan, location.environment)}; the generators alone`);
  printMessage(`Console: ${consoleLink(executionArn(stateMachineArn, name))}`);
  for (const key of uploads.keys()) printMessage(`Upload:  ${key}`);
  if (options.yes !== true && !(await agreed())) {
    printMessage('Nothing was started.');
    return exitCodes.interrupted;
  }
  for (const [key, body] of uploads) await location.store.put(key, body);
  printResult(await workflow.start({ stateMachineArn, name, input }));
  printMessage(`Watch:   plimsoll cloud watch ${name} ${location.again}`);
  return exitCodes.passed;
}

function machineOf({ stateMachine }: LoadTestLocation): string {
  if (stateMachine !== undefined) return stateMachine;
  throw new PlimsollError('E-CLOUD-MISSING', 'A bucket alone starts nothing: the state machine is not known.');
}

/** What the workflow's first step would refuse, as far as config/ knows of it. */
function refuseInVain(plan: Plan, environment: Environment | undefined): void {
  if (environment?.loadTest === undefined) return;
  const { loadTest, allow } = environment;
  refuseUnending(plan, loadTest);
  if (plan.target === undefined || plan.target === BUILT_IN_TARGET) return;
  const target = new URL(plan.target);
  const hosts = [...allow, ...ownHost(environment, target)];
  refuseUnsafe(plan, target, { hosts, production: loadTest.allowProduction ?? [] });
}

/** The name that AWS gave the balancer built here stands in no file, so the workflow alone can say whether a balancer is that one. */
function ownHost({ region, staging }: Environment, { hostname }: URL): string[] {
  if (staging === undefined) return [];
  const { hostName } = staging.service;
  if (hostName !== undefined) return [hostName];
  return coversHost(`*.${region}.elb.amazonaws.com`, hostname) ? [hostname] : [];
}

/** @throws PlimsollError E-RUN-IN-PROGRESS, as the workflow's first step would, minutes later */
export async function refuseSecond({ store }: LoadTestLocation, workflow: StepFunctionsWorkflow): Promise<void> {
  const holder = await lockHolder(store);
  if (holder === undefined || !(await workflow.isRunning(holder.execution))) return;
  throw new PlimsollError('E-RUN-IN-PROGRESS', `${holder.run} is under way, so nothing was started.`);
}

/** As Step Functions takes it: up to 80 letters, digits, - and _. */
function executionName({ name }: Plan, at: Date): string {
  const slug = name.replaceAll(/[^a-zA-Z0-9]+/g, '-').slice(0, 40);
  return `${slug}-${at.toISOString().replaceAll(/[:.]/g, '-')}`;
}

const sizeOf = ({ cpu, memoryMiB }: { readonly cpu: number; readonly memoryMiB: number }) => ({
  vcpus: cpu / 1024,
  memoryGib: memoryMiB / 1024,
});

function costLine(plan: Plan, environment: Environment | undefined): string {
  const { loadTest, region } = environment ?? {};
  if (loadTest === undefined) return 'unknown, since --env names no environment';
  const { workers, cpu, memoryMiB, spot } = loadTest;
  const size = {
    ...sizeOf({ cpu, memoryMiB }),
    workers,
    ...(hasCollector(environment) && { collector: sizeOf(COLLECTOR_TASK) }),
  };
  if (region !== prices.region) return describeCost(expectedCost(plan, size, undefined), `no prices of ${region}`);
  const note = `${prices.asOf}, on demand${spot ? '; less on Spot' : ''}`;
  return describeCost(expectedCost(plan, size, prices.fargate.arm64), note);
}

/** @throws PlimsollError E-CLOUD-UNCONFIRMED where no terminal is there to ask at */
async function agreed(): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new PlimsollError('E-CLOUD-UNCONFIRMED', 'A run costs money, and there is no terminal to ask at.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  return await new Promise((resolve) => {
    // Ctrl-C and Ctrl-D close it, and are no answer.
    terminal.once('close', () => resolve(false));
    terminal.question('Start it? [y/N] ', (answer) => {
      resolve(/^y(?:es)?$/i.test(answer.trim()));
      terminal.close();
    });
  });
}
