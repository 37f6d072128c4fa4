import { encodeInterval } from '../../../../lib/measure/encode.ts';
import { emptyInterval, stepOf } from '../../../../lib/measure/interval.ts';
import { lowerPhase } from '../../../../lib/plan/phase.ts';
import { runKeys } from '../../../../lib/run/archive/keys.ts';
import { takeLock } from '../../../../lib/run/archive/lock.ts';
import { storePhase } from '../../../../lib/run/archive/phase-files.ts';
import { storeRunOfExecution } from '../../../../lib/run/archive/run-record.ts';
import type { Store } from '../../../../lib/run/archive/store.ts';
import type { CloudSettings } from '../../../../lib/run/workflow/settings.ts';
import { planOf } from '../plan.ts';
import { shopService, shopSettings } from './settings.ts';

const START_MS = Date.parse('2026-03-02T12:00:00Z');

/** The n-th minute of the run. */
export const minute = (n: number): number => START_MS + n * 60_000;

const settings: CloudSettings = { ...shopSettings, links: 'https://bucket/', resources: shopService };

export const shopRun = {
  run: '2026-03-02T12-00-00Z-shop',
  execution: 'arn:aws:states:us-east-1:111122223333:execution:load-test:one',
  settings,
};

/** A run of two phases of a minute, a minute apart, whose worker ended each in order; it has the lock. */
export async function storeShopRun(store: Store): Promise<void> {
  const tasks = { listRunning: async () => [], stop: async () => undefined };
  const executions = { isRunning: async () => true, stop: async () => undefined, standing: async () => undefined };
  await takeLock({ store, tasks, executions }, shopRun);
  const shared = { kind: 'sustained', duration: '1m', open: { rate: 1 } } as const;
  const phases = [
    lowerPhase({ ...shared, name: 'first', objectives: ['service.cpu p99 < 80%'] }, []),
    lowerPhase({ ...shared, name: 'second', objectives: ['errors < 1%'] }, []),
  ];
  const facts = {
    id: shopRun.run,
    startedAt: new Date(START_MS).toISOString(),
    environment: 'shop',
    target: shopSettings.target,
  };
  await storeRunOfExecution(store, {
    facts: { ...facts, execution: shopRun.execution, planSha256: 'a', workers: 1 },
    plan: { ...planOf(phases), signals: { metrics: '/metrics', database: 'DATABASE_URL' } },
  });
  const interval = emptyInterval();
  Object.assign(interval.arrivals, { due: 1, started: 1, completed: 1 });
  Object.assign(stepOf(interval, 0).ledger, { sent: 1, ok: 1 });
  for (const [index, phase] of phases.entries()) {
    const keys = runKeys(shopRun.run).phase(index);
    await storePhase(store, keys, { phase, handedOut: index + 1, passed: index + 1, stopped: false });
    await store.put(keys.start, JSON.stringify({ startAtMs: minute(1 + 2 * index) }));
    const wire = encodeInterval({ phase: index, worker: 0, second: 59 }, interval);
    await store.put(keys.intervals(0, 59), `${JSON.stringify(wire)}\n`);
    await store.put(keys.end(0), '{}');
  }
}
