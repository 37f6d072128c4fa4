import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { buildProvider } from '../../../target/downstream/app.ts';
import { addTrouble } from '../../../target/faults/downstream/service.ts';

const token = 'x'.repeat(32);
const before = { ...process.env };
const order = { idempotencyKey: 'k', amountCents: 100, card: { number: '4242424242424242' } };

describe('the downstream service in the lab', () => {
  let app: FastifyInstance;
  beforeEach(() => {
    process.env = { ...before, PLIMSOLL_LAB: token, DOWNSTREAM_DELAY_SECONDS: '0.01' };
    app = buildProvider({ delayMs: 0, seed: 1 });
    addTrouble(app);
  });
  afterEach(() => app.close());
  afterAll(() => void (process.env = before));

  test('is slow for a given time, and by default for that of its environment', async () => {
    expect((await app.inject('/slow?delay=0')).json()).toEqual({ waitedSeconds: 0 });
    expect((await app.inject('/slow')).json()).toEqual({ waitedSeconds: 0.01 });
    expect((await app.inject('/slow?delay=61')).statusCode).toBe(400);
  });

  test('is slow for a random time below that', async () => {
    const { waitedSeconds } = (await app.inject('/random')).json<{ waitedSeconds: number }>();
    expect(waitedSeconds).toBeGreaterThanOrEqual(0);
    expect(waitedSeconds).toBeLessThan(0.01);
  });

  test.each([
    [0, 200],
    [1, 503],
  ])('fails in a share of %d of the calls', async (rate, status) => {
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => app.inject(`/sometimes-fail?failure_rate=${rate}`)),
    );
    expect(new Set(replies.map(({ statusCode }) => statusCode))).toEqual(new Set([status]));
  });

  test('hangs, until it is closed', async () => {
    const trapped = app.inject('/timeout-trap');
    const first = await Promise.race([trapped.then(() => 'answered'), app.inject('/health').then(() => 'hangs')]);
    expect(first).toBe('hangs');
    await app.close();
    expect((await trapped).json()).toEqual({ waitedSeconds: 60 });
  });

  test('makes payments fail for who has the token, and only for as long as asked', async () => {
    const put = (payload: object, authorization: string) =>
      app.inject({ method: 'PUT', url: '/lab/trouble', payload, headers: { authorization } });
    const pay = async () => (await app.inject({ method: 'POST', url: '/payments', payload: order })).statusCode;
    expect((await put({ failure_rate: 1 }, 'Bearer none')).statusCode).toBe(401);
    expect(await pay()).toBe(200);
    expect((await put({ failure_rate: 1 }, `Bearer ${token}`)).statusCode).toBe(200);
    expect(await pay()).toBe(503);
    await put({}, `Bearer ${token}`);
    expect(await pay()).toBe(200);
  });
});

test('outside the lab it has no trouble', () => {
  process.env = { ...before, PLIMSOLL_LAB: '' };
  expect(() => addTrouble(buildProvider({ delayMs: 0, seed: 1 }))).toThrow('E-TARGET-LAB');
});
