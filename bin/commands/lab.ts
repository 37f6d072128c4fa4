import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { exitCodes } from '../../lib/errors.ts';
import { faultsNamed, labFaults, type LabFault, parametersOf } from '../../lib/lab/catalogue.ts';
import { describeGrade, describeResult, gradeOf, type LabResult } from '../../lib/lab/grade.ts';
import { describeLevels, judgeLevels, type Level, type LevelMeasured } from '../../lib/lab/levels.ts';
import { measureLevel } from '../local/lab-levels.ts';
import { readCatalogue } from '../local/lab-service.ts';
import { runExperiment } from '../local/lab-run.ts';
import { recordFixture } from '../local/lab-fixtures.ts';
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

/** Runs one experiment, or all, and prints what was to be seen and what the diagnosis said. */
export async function labRunCommand(name: string, options: LabOptions): Promise<number> {
  const faults = faultsNamed(name, labFaults(await readCatalogue()));
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
  readonly json?: boolean;
}

/** Runs every fault several times, and prints how often the diagnosis was right, and how sure it was. */
export async function labGradeCommand(times: number, { record, fault: names, json }: GradeOptions): Promise<number> {
  const all = labFaults(await readCatalogue());
  const faults = names === undefined ? all : names.flatMap((name) => faultsNamed(name, all));
  const interrupt = listenForInterrupt();
  const results: LabResult[] = [];
  for (const [number, fault] of Array.from({ length: times }, (_, i) =>
    faults.map((each) => [i, each] as const),
  ).flat()) {
    const result = await gradedRun(fault, number, { record, signal: interrupt.signal });
    results.push(result);
    const { said, confidence, right } = result;
    printMessage(`${fault.name}: ${fault.bottleneck}, said ${said} (${confidence}), ${right ? 'right' : 'wrong'}`);
  }
  interrupt.close();
  const grade = gradeOf(results);
  printResult(
    json === true ? JSON.stringify({ format: 'plimsoll.lab.v1', results, grade }, null, 2) : describeGrade(grade),
  );
  return exitCodes.passed;
}

async function gradedRun(
  fault: LabFault,
  number: number,
  { record, signal }: { record: string | undefined; signal: AbortSignal },
): Promise<LabResult> {
  const folder = callerPath(join('runs', 'lab', `${fault.name}-${number + 1}`));
  const result = await runExperiment({ fault, parameters: parametersOf(fault, []), folder, signal });
  if (record !== undefined)
    await recordFixture(folder, join(callerPath(record), `${fault.name}-${number + 1}`), result);
  return result;
}
