import { z } from 'zod';
import { endsOfSupport } from '../../../environment/end-of-support.ts';
import { messageOf } from '../../../errors.ts';
import { formatNumber } from '../../../units.ts';
import { passIf, skipped, type Answer, type ChecklistItem, type ChecklistContext } from './check.ts';

/** The staging plan asks for a health page that answers within this. */
const MOST_MS = 100;

/** It is asked from the generator's security group, so that a route which is closed to the generator fails here. */
export const targetAnswers: ChecklistItem = {
  id: 'target',
  item: `The target's health page answers 200 within ${MOST_MS} ms`,
  ask: async ({ health, target }) => {
    if (health.status === 0) return { verdict: 'fail', why: `no reply from ${target.origin}: ${health.text}` };
    const why = `it answered ${health.status} in ${formatNumber(health.tookMs)} ms`;
    return passIf(health.status === 200 && health.tookMs < MOST_MS, why);
  },
};

const part = z.object({ ok: z.boolean() }).optional();
const detail = z.object({ database: part, cache: part });

/** What the health page says of one part of the service. */
function healthOf(name: 'database' | 'cache', { health }: ChecklistContext): Answer {
  const parsed = detail.safeParse(parseJson(health.text));
  const ok = parsed.data?.[name]?.ok;
  if (ok === undefined) return skipped(`the health page says nothing of a ${name}`);
  return passIf(ok, `the health page says that the ${name} ${ok ? 'answers' : 'does not answer'}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const databaseReached: ChecklistItem = {
  id: 'database-reached',
  item: 'The service reaches its database',
  ask: async (context) => healthOf('database', context),
};

export const cacheReached: ChecklistItem = {
  id: 'cache-reached',
  item: 'The service reaches its cache',
  ask: async (context) => healthOf('cache', context),
};

export const balancerActive: ChecklistItem = {
  id: 'balancer',
  item: 'The load balancer is active, and every target behind it healthy',
  ask: async ({ ports }) => {
    const [state, health] = await Promise.all([ports.service.balancerState(), ports.service.targetHealth()]);
    if (state === undefined || health === undefined) return skipped('the environment names no load balancer');
    const why = `it is ${state}, and ${health.healthy} of ${health.total} targets are healthy`;
    return passIf(state === 'active' && health.total > 0 && health.healthy === health.total, why);
  },
};

export const tasksSteady: ChecklistItem = {
  id: 'tasks',
  item: 'The service runs as many tasks as it wants',
  ask: async ({ ports }) => {
    const counts = await ports.service.taskCounts();
    if (counts === undefined) return skipped('the environment names no ECS service');
    const { desired, running, pending } = counts;
    const why = `${running} of ${desired} tasks run, ${pending} are starting`;
    return passIf(desired > 0 && running === desired && pending === 0, why);
  },
};

export const databaseAvailable: ChecklistItem = {
  id: 'database',
  item: 'The database is available',
  ask: async ({ ports }) => {
    const status = await ports.service.databaseStatus();
    if (status === undefined) return skipped('the environment names no database');
    return passIf(status === 'available', `it is ${status}`);
  },
};

/** Automatic backups are taken once a day; an hour for their window to move. */
const FRESH_HOURS = 25;

export const snapshotFresh: ChecklistItem = {
  id: 'snapshot',
  item: `A snapshot of the database is at most ${FRESH_HOURS} hours old`,
  ask: async ({ ports }) => {
    const snapshot = await ports.service.newestSnapshot();
    if (snapshot === undefined) return skipped('the environment names no database');
    if (snapshot === 'none')
      return {
        verdict: 'fail',
        why: 'there is none; take one: aws rds create-db-snapshot, or create-db-cluster-snapshot of a cluster',
      };
    const hours = (ports.nowMs() - snapshot.takenAtMs) / 3_600_000;
    return passIf(hours <= FRESH_HOURS, `the newest is ${hours.toFixed(1)} hours old`);
  },
};

export const quotaHolds: ChecklistItem = {
  id: 'quota',
  item: "The generator's tasks fit the account's Fargate quota",
  ask: async ({ ports, settings, workers }) => {
    // The collector beside them is never on Spot.
    const collector = settings.capacity === 'on-demand' ? (settings.collector?.vcpus ?? 0) : 0;
    const wanted = workers * settings.taskVcpus + collector;
    const most = await ports.service.fargateVcpus(settings.capacity).catch(messageOf);
    // From a network without NAT there is no way to ask; and what is beyond the quota ECS itself does not start.
    if (typeof most === 'string') return skipped(`it could not be asked: ${most}`);
    return passIf(
      wanted <= most,
      `${workers} tasks${collector === 0 ? '' : ' and the collector'} are ${wanted} vCPU, and ${most} are allowed (${settings.capacity})`,
    );
  },
};

export const stillSupported: ChecklistItem = {
  id: 'support',
  item: 'Support of no engine or runtime ends within sixty days',
  ask: async ({ ports, settings }) => {
    if (settings.versions.length === 0) return skipped('the environment names no version');
    const ends = endsOfSupport(settings.versions, ports.nowMs());
    return ends.length === 0
      ? { verdict: 'pass', why: `of ${settings.versions.length} that were looked up` }
      : { verdict: 'warn', why: ends.join(' ') };
  },
};
