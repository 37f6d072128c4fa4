import { z } from 'zod';
import { formatNumber } from '../../../units.ts';
import { passIf, skipped, type Answer, type Check, type ChecklistContext } from './check.ts';

/** R34, R135. */
const MOST_MS = 100;

/** From where the generator stands too: the one who asks carries the same security group (R143). */
export const targetAnswers: Check = {
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

export const databaseReached: Check = {
  id: 'database-reached',
  item: 'The service reaches its database (R135)',
  ask: async (context) => healthOf('database', context),
};

export const cacheReached: Check = {
  id: 'cache-reached',
  item: 'The service reaches its cache (R135)',
  ask: async (context) => healthOf('cache', context),
};
