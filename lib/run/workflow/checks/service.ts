import { messageOf } from '../../../errors.ts';
import { passIf, skipped, type Check } from './check.ts';

export const balancerActive: Check = {
  id: 'balancer',
  item: 'The load balancer is active, and every target behind it healthy (R143)',
  ask: async ({ ports }) => {
    const [state, health] = await Promise.all([ports.service.balancerState(), ports.service.targetHealth()]);
    if (state === undefined || health === undefined) return skipped('the environment names no load balancer');
    const why = `it is ${state}, and ${health.healthy} of ${health.total} targets are healthy`;
    return passIf(state === 'active' && health.total > 0 && health.healthy === health.total, why);
  },
};

export const tasksSteady: Check = {
  id: 'tasks',
  item: 'The service runs as many tasks as it wants (R138)',
  ask: async ({ ports }) => {
    const counts = await ports.service.taskCounts();
    if (counts === undefined) return skipped('the environment names no ECS service');
    const { desired, running, pending } = counts;
    const why = `${running} of ${desired} tasks run, ${pending} are starting`;
    return passIf(desired > 0 && running === desired && pending === 0, why);
  },
};

export const databaseAvailable: Check = {
  id: 'database',
  item: 'The database is available (R139)',
  ask: async ({ ports }) => {
    const status = await ports.service.databaseStatus();
    if (status === undefined) return skipped('the environment names no database');
    return passIf(status === 'available', `it is ${status}`);
  },
};

/** Automatic backups are taken once a day; an hour for their window to move. */
const FRESH_HOURS = 25;

export const snapshotFresh: Check = {
  id: 'snapshot',
  item: `A snapshot of the database is at most ${FRESH_HOURS} hours old (R137)`,
  ask: async ({ ports }) => {
    const snapshot = await ports.service.newestSnapshot();
    if (snapshot === undefined) return skipped('the environment names no database');
    if (snapshot === 'none') return { verdict: 'fail', why: 'there is none; take one: aws rds create-db-snapshot' };
    const hours = (ports.nowMs() - snapshot.takenAtMs) / 3_600_000;
    return passIf(hours <= FRESH_HOURS, `the newest is ${hours.toFixed(1)} hours old`);
  },
};

export const quotaHolds: Check = {
  id: 'quota',
  item: "The generator's tasks fit the account's Fargate quota (R138)",
  ask: async ({ ports, settings, workers }) => {
    const wanted = workers * settings.taskVcpus;
    const most = await ports.service.fargateVcpus(settings.capacity).catch(messageOf);
    // From a network without NAT there is no way to ask; and what is beyond the quota ECS itself does not start.
    if (typeof most === 'string') return skipped(`it could not be asked: ${most}`);
    return passIf(
      wanted <= most,
      `${workers} tasks are ${wanted} vCPU, and ${most} are allowed (${settings.capacity})`,
    );
  },
};
