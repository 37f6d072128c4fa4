import { describe, expect, test } from '@jest/globals';
import { Delivery } from '../../../../../lib/adapters/node/outputs/delivery.ts';
import type { Attempt, Transport } from '../../../../../lib/adapters/node/outputs/transport.ts';

/** A reader that does as `answer` says, and remembers what it took. */
function reader(answer: (message: string, signal: AbortSignal) => Promise<Attempt> | Attempt) {
  const took: string[] = [];
  const transport: Transport = {
    send: async ([message = ''], signal) => {
      const attempt = await answer(String(message), signal);
      if (attempt === 'delivered') took.push(String(message));
      return attempt;
    },
    close: async () => undefined,
  };
  return { took, transport };
}

const untilAborted = async (signal: AbortSignal): Promise<Attempt> => {
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  return { again: 'it did not answer in time' };
};

const seconds = (count: number): string[] => Array.from({ length: count }, (_, second) => String(second));

describe('a run hands its seconds over and goes on', () => {
  test('they arrive in order, and nothing is said of them', async () => {
    const { took, transport } = reader(() => 'delivered');
    const delivery = new Delivery(transport);
    for (const second of seconds(200)) {
      delivery.offer([second]);
      await new Promise(setImmediate);
    }
    expect(await delivery.end(1000)).toBeUndefined();
    expect(took).toEqual(seconds(200));
  });

  test('whoever never answers has a minute waiting at the most, and at the end a sentence of what is missing', async () => {
    const { transport } = reader(async (_, signal) => await untilAborted(signal));
    const delivery = new Delivery(transport);
    for (const second of seconds(1000)) delivery.offer([second]);
    expect(delivery.waiting).toBe(60);
    expect(await delivery.end(1)).toBe('lacks 1,000 of 1,000 seconds: it did not answer in time');
  });

  test('of a minute that waits the oldest second is dropped, and the latest arrives', async () => {
    const answering = Promise.withResolvers<Attempt>();
    const { took, transport } = reader((message) => (message === '0' ? answering.promise : 'delivered'));
    const delivery = new Delivery(transport);
    for (const second of seconds(100)) delivery.offer([second]);
    answering.resolve('delivered');
    expect(await delivery.end(1000)).toBe('lacks 39 of 100 seconds: it is slow');
    expect(took).toEqual(['0', ...seconds(100).slice(40)]);
  });

  test('a second that is refused is dropped at once, and later ones go on', async () => {
    const { took, transport } = reader((message) => (message === '1' ? { refused: 'it answered 400' } : 'delivered'));
    const delivery = new Delivery(transport);
    for (const second of seconds(3)) delivery.offer([second]);
    expect(await delivery.end(1000)).toBe('lacks 1 of 3 seconds: it answered 400');
    expect(took).toEqual(['0', '2']);
  });

  test('a reader that comes back gets what waited, in order', async () => {
    let down = true;
    const { took, transport } = reader(() => (down ? { again: 'connect ECONNREFUSED' } : 'delivered'));
    const delivery = new Delivery(transport);
    for (const second of seconds(3)) delivery.offer([second]);
    await new Promise(setImmediate);
    expect(delivery.trouble).toBe('3 seconds waiting: connect ECONNREFUSED');
    down = false;
    expect(await delivery.end(1000)).toBeUndefined();
    expect(took).toEqual(seconds(3));
  });

  test('a reader that is gone is not waited for at the end, and what throws is a reason', async () => {
    const delivery = new Delivery(reader(() => Promise.reject(new Error('no route'))).transport);
    for (const second of seconds(5)) delivery.offer([second]);
    expect(await delivery.end(60_000)).toBe('lacks 5 of 5 seconds: no route');
    expect(await delivery.end(60_000)).toBe('lacks 5 of 5 seconds: no route');
  });
});
