import { join } from 'node:path';
import { BuiltInTarget } from '../../lib/adapters/node/built-in-target.ts';
import { PlimsollError } from '../../lib/errors.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import { BUILT_IN_TARGET } from '../../lib/plan/schema.ts';
import { formatNumber } from '../../lib/units.ts';
import { printMessage } from '../terminal.ts';
import type { Started } from './started.ts';

/** The target, and where its signals and those of its database and cache are read. */
export interface TargetUnderTest {
  readonly target: URL;
  /** What it is, for the report: an address, or what the built-in service runs on. */
  readonly description: string;
  readonly metrics?: URL;
  readonly health?: URL;
  /** A file that the service logs to. */
  readonly logs?: string;
  readonly database?: string;
  readonly cache?: string;
}

/** Starts the built-in service where the plan asks for it, else takes the plan's word; what was started ends with `started`. */
export async function targetUnderTest(
  plan: Plan,
  folder: string,
  started: Started,
  signal: AbortSignal,
): Promise<TargetUnderTest> {
  if (plan.target === BUILT_IN_TARGET) return builtIn(folder, started, signal);
  if (plan.target === undefined) throw new PlimsollError('E-TARGET-MISSING', `${plan.name} names no target.`);
  const target = new URL(plan.target);
  const { metrics, health, logs, database, cache } = plan.signals;
  const [databaseUrl, cacheUrl] = [database, cache].map((name) => (name === undefined ? undefined : process.env[name]));
  return {
    target,
    description: target.href,
    ...(metrics !== undefined && { metrics: new URL(metrics, target) }),
    ...(health !== undefined && { health: new URL(health, target) }),
    ...(logs !== undefined && { logs }),
    ...(databaseUrl !== undefined && { database: databaseUrl }),
    ...(cacheUrl !== undefined && { cache: cacheUrl }),
  };
}

const printIndented = (line: string): void => printMessage(`  ${line}`);

async function builtIn(folder: string, started: Started, signal: AbortSignal): Promise<TargetUnderTest> {
  const logFile = join(folder, 'target.log');
  const service = started.adopt(await BuiltInTarget.start({ logFile, say: printIndented }, signal), (each) =>
    each.stop(),
  );
  return { ...describeBuiltIn(service), logs: logFile };
}

/** The marketplace service as what is loaded. */
export function describeBuiltIn(service: BuiltInTarget): TargetUnderTest {
  const { url, metrics, database, cache, seeded } = service.address;
  const data = `${formatNumber(seeded.users)} users and ${formatNumber(seeded.jobs)} jobs`;
  return {
    target: new URL(url),
    description: `built-in marketplace service with PostgreSQL, ${cache.kind}, ${data}`,
    metrics: new URL(metrics),
    health: new URL('/health', url),
    database,
    cache: cache.url,
  };
}
