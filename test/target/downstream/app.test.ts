import { expect, test } from '@jest/globals';
import { buildProvider, seededDelay } from '../../../target/downstream/app.ts';

const order = { idempotencyKey: 'k', amountCents: 100, card: { number: '4242424242424242' } };

test('delays follow from the seed and have the mean asked for', () => {
  const [first, second, other] = [1, 1, 2].map((seed) => {
    const delay = seededDelay({ delayMs: 25, seed });
    return Array.from({ length: 20_000 }, delay);
  });
  expect(first).toEqual(second);
  expect(first).not.toEqual(other);
  const mean = (first ?? []).reduce((sum, ms) => sum + ms, 0) / 20_000;
  // The exponential part has a standard deviation of 7.5 ms; that of the mean is 7.5 / √20,000 = 0.05 ms.
  expect(Math.abs(mean - 25)).toBeLessThan(0.3);
  // Nothing is quicker than the fixed part, 0.7 × 25.
  expect(Math.min(...(first ?? []))).toBeGreaterThanOrEqual(17.5);
});

test('one key is charged once', async () => {
  const provider = buildProvider({ delayMs: 0, seed: 1 });
  const pay = async (body: object) =>
    (await provider.inject({ method: 'POST', url: '/payments', body })).json<unknown>();
  const [first, again, other] = [await pay(order), await pay(order), await pay({ ...order, idempotencyKey: 'l' })];
  expect(first).toEqual({ paymentId: expect.any(String), status: 'succeeded' });
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
  await provider.close();
});

test('a card that ends in 0002 is declined, a malformed one refused', async () => {
  const provider = buildProvider({ delayMs: 0, seed: 1 });
  const post = (number: string) =>
    provider.inject({ method: 'POST', url: '/payments', body: { ...order, idempotencyKey: number, card: { number } } });
  expect((await post('4000000000000002')).json()).toMatchObject({ status: 'declined' });
  expect((await post('42')).statusCode).toBe(400);
  await provider.close();
});
