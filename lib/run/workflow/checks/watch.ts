import { listed } from '../../../document/problems.ts';
import type { CloudResource } from '../../../signals/cloudwatch/cloud.ts';
import { signals } from '../../../signals/index.ts';
import { queriesOf } from '../metric-queries.ts';
import { passIf, skipped, type ChecklistItem } from './check.ts';

export const alarmsQuiet: ChecklistItem = {
  id: 'alarms',
  item: 'Alarms are configured, and none is on (R135)',
  ask: async ({ ports, settings }) => {
    const names = settings.alarms.map((alarm) => `${settings.environment}-${alarm}`);
    if (names.length === 0) return { verdict: 'fail', why: 'the environment has no alarm' };
    const states = new Map((await ports.alarms.states(names)).map(({ name, state }) => [name, state]));
    const missing = names.filter((name) => !states.has(name));
    if (missing.length > 0)
      return { verdict: 'fail', why: `there is no ${listed(missing, 'and')}; deploy the environment again` };
    const on = names.filter((name) => states.get(name) === 'ALARM');
    return passIf(on.length === 0, on.length === 0 ? `${names.length}, all quiet` : `on: ${listed(on, 'and')}`);
  },
};

/** Services publish by the minute, some two minutes late: longer than that, nobody watches. */
const RECENT_MS = 15 * 60_000;
/** So that no reading is awaited that can't be there yet. */
const LATE_MS = 5 * 60_000;

/** Signals that a service always has when it is up, load or none. */
const ALWAYS_TOLD = new Set(['service.cpu', 'balancer.healthy-hosts', 'database.cpu']);

/** Whose metrics these are. */
export const TOLD_OF: readonly CloudResource[] = ['service', 'targetGroup', 'database'];

export const monitoringOn: ChecklistItem = {
  id: 'monitoring',
  item: 'CloudWatch has fresh figures of the system (R141)',
  ask: async ({ ports, settings }) => {
    const wanted = signals.filter(({ id }) => ALWAYS_TOLD.has(id));
    const queries = queriesOf(wanted, settings);
    if (queries.length === 0) return skipped('the environment names nothing that CloudWatch has figures of');
    const toMs = ports.nowMs() - LATE_MS;
    const { points } = await ports.metrics.read(queries, { fromMs: toMs - RECENT_MS, toMs, periodSeconds: 60 });
    const silent = queries.filter(({ id }) => (points.get(id)?.length ?? 0) === 0).map(({ id }) => id);
    return passIf(silent.length === 0, silent.length === 0 ? 'it has' : `none of ${listed(silent, 'and')}`);
  },
};

export const logsEnd: ChecklistItem = {
  id: 'logs',
  item: 'Logs are kept for a week and no longer (R140)',
  ask: async () => skipped('the stacks set it: logRetentionDays in config/, held by a test'),
};

export const errorTracker: ChecklistItem = {
  id: 'error-tracker',
  item: 'The error tracker receives events (R135)',
  ask: async () => skipped('Plimsoll knows of none; look into yours before a long run'),
};

export const cleanData: ChecklistItem = {
  id: 'clean-data',
  item: 'Test data is clean (R136, R142)',
  ask: async ({ input, settings }) => {
    if (input.cleanData !== true) return skipped('nobody asked for it');
    if (settings.mayReset === true)
      return { verdict: 'pass', why: 'it will be, by a task of its own before the first phase' };
    return { verdict: 'fail', why: 'the configuration has no loadTest.reset that could; start without cleanData' };
  },
};
