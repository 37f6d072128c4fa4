import { listed } from '../../../units.ts';
import type { CloudResource } from '../../../signals/cloudwatch/cloud.ts';
import { signals } from '../../../signals/index.ts';
import { queriesOf } from '../metric-queries.ts';
import { passIf, skipped, type ChecklistItem } from './check.ts';

export const alarmsQuiet: ChecklistItem = {
  id: 'alarms',
  item: 'Alarms are configured, and none is on',
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

/** Services publish by the minute, some two minutes late: a metric without a reading for longer is not published at all. */
const RECENT_MS = 15 * 60_000;
/** So that no reading is awaited that can't be there yet. */
const LATE_MS = 5 * 60_000;

/** Signals that CloudWatch always has of a service that is up, under load or not. */
const ALWAYS_PUBLISHED = new Set(['service.cpu', 'balancer.healthy-hosts', 'database.cpu']);

/** The resources whose metrics these are. */
export const MONITORED: readonly CloudResource[] = ['service', 'targetGroup', 'database'];

export const monitoringOn: ChecklistItem = {
  id: 'monitoring',
  item: 'CloudWatch has fresh figures of the system',
  ask: async ({ ports, settings }) => {
    const wanted = signals.filter(({ id }) => ALWAYS_PUBLISHED.has(id));
    const queries = queriesOf(wanted, settings);
    if (queries.length === 0) return skipped('the environment names nothing that CloudWatch has figures of');
    const toMs = ports.nowMs() - LATE_MS;
    const { points } = await ports.metrics.read(queries, { fromMs: toMs - RECENT_MS, toMs, periodSeconds: 60 });
    const silent = queries.filter(({ id }) => (points.get(id)?.length ?? 0) === 0).map(({ id }) => id);
    return passIf(silent.length === 0, silent.length === 0 ? 'it has' : `none of ${listed(silent, 'and')}`);
  },
};

/** Before it has happened there is no evidence for it: the task that cleans counts what it leaves, and its failure ends the run. */
export const cleanData: ChecklistItem = {
  id: 'clean-data',
  item: 'Test data is clean',
  ask: async ({ input, settings }) => {
    if (input.cleanData !== true) return skipped('the execution does not ask for it');
    if (settings.mayReset === true) {
      return skipped('a task of its own cleans it before the first phase, and ends the run where it fails');
    }
    return { verdict: 'fail', why: 'the configuration has no loadTest.reset that could; start without cleanData' };
  },
};
