import { expect, test } from '@jest/globals';
import { LocalFleet } from '../../../bin/local/scaling/fleet.ts';

const statuses = async (url: string, count: number): Promise<number[]> =>
  await Promise.all(
    Array.from({ length: count }, async () => {
      const reply = await fetch(url);
      await reply.arrayBuffer();
      return reply.status;
    }),
  );

test('tasks share the requests evenly; one that would wait longer than the patience is turned away; all end', async () => {
  const fleet = new LocalFleet({ slots: 2, serviceMs: 40, startUpMs: 100, patienceMs: 100 });
  try {
    const url = await fleet.open();
    expect(await statuses(url, 1)).toEqual([503]);
    fleet.scaleTo(2);
    await fleet.settled();
    expect(fleet.startUpsMs.every((ms) => ms >= 100)).toBe(true);
    fleet.take();
    // Four slots take four at once, and four more each 40 ms; what would wait for longer than 100 ms is refused.
    const found = await statuses(url, 40);
    const ok = found.filter((status) => status === 200).length;
    expect(ok).toBeGreaterThanOrEqual(4);
    expect(new Set(found)).toEqual(new Set([200, 503]));
    expect(fleet.take()).toMatchObject({ requests: 40, ok, failed: 40 - ok });
    const [one = 0, other = 0] = fleet.served;
    expect(one + other).toBe(ok);
    expect(Math.min(one, other)).toBeGreaterThan(0);
    fleet.scaleTo(1);
    expect(fleet.running).toBe(1);
  } finally {
    await fleet[Symbol.asyncDispose]();
  }
  expect(fleet.running).toBe(0);
}, 30_000);
