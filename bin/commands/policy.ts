import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCapacityRun } from '../../lib/adapters/node/capacity-run.ts';
import { RunFolder } from '../../lib/adapters/node/run-folder.ts';
import { exitCodes, PlimsollError } from '../../lib/errors.ts';
import { parseConfiguration } from '../../lib/environment/parse.ts';
import { HEADROOM_RATIO } from '../../lib/analysis/scaling/headroom.ts';
import { proposePolicy } from '../../lib/scaling/policy/propose.ts';
import { taskCapacity } from '../../lib/scaling/task-capacity.ts';
import { scalingWriters } from '../../lib/scaling/writers/index.ts';
import { policyFile } from '../../lib/scaling/writers/policy-file.ts';
import type { DerivedScaling } from '../../lib/scaling/writers/written.ts';
import { environmentName, readConfiguration } from '../environment.ts';
import { callerPath, shownPath } from '../paths.ts';
import { printMessage, printResult } from '../terminal.ts';
import { countOf, ratioOf, startUpOf, trafficOf } from './scaling-options.ts';

interface PolicyOptions {
  readonly env?: string;
  readonly traffic?: string;
  readonly timezone?: string;
  readonly tasks?: string;
  readonly startUp?: string;
  readonly headroom?: string;
  readonly out?: string;
  readonly write?: boolean;
  readonly json?: boolean;
}

/** Derives a scaling policy from a search for the capacity, and shows what it would change; writes only where it is asked to. */
export async function policyCommand(run: string, options: PolicyOptions): Promise<number> {
  const name = environmentName(options.env ?? 'staging');
  const { environment, scaling: inForce } = readConfiguration(name);
  const measured = taskCapacity(await readCapacityRun(callerPath(run)), {
    tasks: countOf('--tasks', options.tasks),
    startUpSeconds: await startUpOf(options.startUp),
  });
  const headroomRatio = ratioOf('--headroom', options.headroom) ?? HEADROOM_RATIO;
  const traffic = await trafficOf(options, measured.perSecond * inForce.tasks.max);
  const derived = proposePolicy({ name, environment, inForce, measured, headroomRatio, traffic });
  printResult(options.json === true ? asJson(derived) : asText(derived));
  for (const shortfall of derived.shortfalls) printMessage(`Short: ${shortfall}`);
  await store(derived, options);
  return exitCodes.passed;
}

const asJson = ({ policy, reasons, shortfalls, changes, limits, outlook }: DerivedScaling): string =>
  JSON.stringify({ policy, reasons, shortfalls, changes, limits, outlook }, null, 2);

function asText({ name, changes }: DerivedScaling): string {
  const rows = changes.map(({ field, before, after, reason }) =>
    `  ${field}: ${before} → ${after}\n      ${reason}`.trimEnd(),
  );
  const head = `Against the policy in force, config/scaling/${name}.yaml:`;
  return rows.length === 0 ? `${head} nothing differs.` : [head, ...rows].join('\n');
}

async function store(derived: DerivedScaling, { out, write }: PolicyOptions): Promise<void> {
  const { name } = derived;
  const path = `config/scaling/${name}.yaml`;
  const text = policyFile.write(derived);
  // What the stack would refuse is said before anything is written.
  const refused = refusalOf(name, { path, text });
  if (refused !== undefined && write === true) throw refused;
  for (const detail of refused?.details ?? []) printMessage(`The stack would refuse it: ${detail}`);
  if (out !== undefined) {
    const folder = await RunFolder.create(callerPath(out));
    const files = new Map(scalingWriters.map((each) => [each.fileName(name), each.write(derived)]));
    await RunFolder.rewrite(folder.path, files);
    for (const file of files.keys()) printMessage(`Written: ${shownPath(join(folder.path, file))}`);
  }
  if (write === true) {
    await RunFolder.rewrite('config/scaling', new Map([[`${name}.yaml`, text]]));
    printMessage(`Written: ${path}. It takes effect with: npx cdk deploy --all -c env=${name}`);
  }
  if (out === undefined && write !== true)
    printMessage('Nothing was written: --out FOLDER writes policy, HPA and process page, --write the policy in force.');
}

function refusalOf(name: string, scaling: { path: string; text: string }): PlimsollError | undefined {
  const path = `config/${name}.yaml`;
  try {
    parseConfiguration({ path, text: readFileSync(path, 'utf8') }, scaling);
    return undefined;
  } catch (error) {
    if (error instanceof PlimsollError) return error;
    throw error;
  }
}
