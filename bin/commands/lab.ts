import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { exitCodes, messageOf } from '../../lib/errors.ts';
import { faultsNamed, labFaults, type LabFault, parametersOf } from '../../lib/lab/catalogue.ts';
import { describeGrade, describeResult, gradeOf, type LabResult } from '../../lib/lab/grade.ts';
import { describeLevels, judgeLevels, type Level, type LevelMeasured } from '../../lib/lab/levels.ts';
import { measureLevel } from '../local/lab/levels.ts';
import { readCatalogue } from '../local/lab/service.ts';
import { runExperiment } from '../local/lab/run.ts';
import { gradedRun } from '../local/lab/grade.ts';
import { callerPath, shownPath } from '../paths.ts';
import { printMessage, printResult } from '../terminal.ts';
import { listenForInterrupt } from '../local/interrupt.ts';

interface LabOptions {
  readonly json?: boolean;
  readonly set?: readonly string[];
  readonly out?: string;
  readonly target?: string;
}

/** Prints every fault with its label. */
export async function labListCommand({ json }: LabOptions): Promise<number> {
  const faults = labFaults(await readCatalogue());
  const width = Math.max(...faults.map(({ name }) => name.length));
  const lines = faults.map(
    ({ name, bottleneck, title }) => `${name.padEnd(width)}  ${bottleneck.padEnd(20)}  ${title}`,
  );
  printResult(json === true ? JSON.stringify(faults, null, 2) : lines.join('\n'));
  return exitCodes.passed;
}

/** Runs experiments, or all, and prints what was to be seen and what the diagnosis said. */
export async function labRunCommand(names: readonly string[], options: LabOptions): Promise<number> {
  const all = labFaults(await readCatalogue());
  const faults = names.flatMap((name) => faultsNamed(name, all));
  const planned = faults.map((fault) => [fault, parametersOf(fault, options.set ?? [])] as const);
  const interrupt = listenForInterrupt();
  const results: LabResult[] = [];
  const parent = callerPath(options.out ?? join('runs', 'lab'));
  for (const [fault, parameters] of planned) {
    const folder = options.out !== undefined && planned.length === 1 ? parent : join(parent, fault.name);
    printMessage(`${fault.name}: ${fault.title}`);
    const result = await runExperiment({ fault, parameters, folder, target: options.target, signal: interrupt.signal });
    results.push(result);
    if (options.json !== true)
      printResult(`\n${describeResult(fault, result)}\n  Report:     ${shownPath(folder)}/report.html`);
  }
  interrupt.close();
  const grade = gradeOf(results);
  if (options.json === true) printResult(JSON.stringify({ format: 'plimsoll.lab.v1', results, grade }, null, 2));
  else if (results.length > 1) printResult(`\n${describeGrade(grade)}`);
  return exitCodes.passed;
}

/** Measures the same endpoints at each level of scaling, and judges factors, reload, queue and distribution by rule. */
export async function labLevelsCommand(chosen: readonly Level[], { json, out }: LabOptions): Promise<number> {
  const interrupt = listenForInterrupt();
  const measured: LevelMeasured[] = [];
  for (const level of chosen) {
    printMessage(`Level ${level.level}: ${level.title}`);
    const folder = join(callerPath(out ?? join('runs', 'lab')), `level-${level.level}`);
    measured.push(await measureLevel(level, folder, interrupt.signal));
  }
  interrupt.close();
  const checks = judgeLevels(measured, availableParallelism());
  printResult(
    json === true
      ? JSON.stringify({ format: 'plimsoll.levels.v1', measured, checks }, null, 2)
      : describeLevels(measured, checks),
  );
  return checks.some(({ verdict }) => verdict === 'fail') ? exitCodes.objectivesFailed : exitCodes.passed;
}

interface GradeOptions {
  readonly record?: string;
  readonly fault?: readonly string[];
  readonly resume?: boolean;
  readonly json?: boolean;
}

/**
 * Runs every fault several times, and prints how often the diagnosis was right, and how sure it was. An experiment that fails is
 * reported and left out; what was measured until an interrupt is graded, and `--resume` goes on from it.
 */
export async function labGradeCommand(times: number, options: GradeOptions): Promise<number> {
  const all = labFaults(await readCatalogue());
  const faults = options.fault === undefined ? all : options.fault.flatMap((name) => faultsNamed(name, all));
  const interrupt = listenForInterrupt('Stopping this experiment; the grade of those before follows.');
  const results: LabResult[] = [];
  const failures: unknown[] = [];
  for (const [number, fault] of turnsOf(faults, times)) {
    if (interrupt.signal.aborted) break;
    await turn(fault, number, options, interrupt.signal).then(
      (result) => results.push(result),
      (error: unknown) => failures.push(printFailure(fault, error)),
    );
  }
  interrupt.close();
  const grade = gradeOf(results);
  printResult(
    options.json === true
      ? JSON.stringify({ format: 'plimsoll.lab.v1', results, grade }, null, 2)
      : describeGrade(grade),
  );
  if (failures.length === 0) return exitCodes.passed;
  printMessage(`${results.length} of ${faults.length * times} runs are graded; --resume measures the others.`);
  throw failures[0];
}

/** Every fault once before any a second time. */
const turnsOf = (faults: readonly LabFault[], times: number): (readonly [number, LabFault])[] =>
  Array.from({ length: times }, (_, i) => faults.map((fault) => [i + 1, fault] as const)).flat();

async function turn(
  fault: LabFault,
  number: number,
  { record, resume = false }: GradeOptions,
  signal: AbortSignal,
): Promise<LabResult> {
  const name = `${fault.name}-${number}`;
  const { result, measuredBefore } = await gradedRun({
    fault,
    folder: callerPath(join('runs', 'lab', name)),
    ...(record !== undefined && { fixture: join(callerPath(record), name) }),
    resume,
    signal,
  });
  const { said, confidence, right, voidReasons } = result;
  const notes = [...(measuredBefore ? ['measured before'] : []), ...(voidReasons.length > 0 ? ['void'] : [])];
  printMessage(
    [`${name}: ${fault.bottleneck}, said ${said} (${confidence})`, right ? 'right' : 'wrong', ...notes].join(', '),
  );
  return result;
}

function printFailure({ name }: LabFault, error: unknown): unknown {
  printMessage(`${name}: ${messageOf(error)}`);
  return error;
}
