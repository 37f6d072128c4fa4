import { expect, test } from '@jest/globals';
import { PlimsollError } from '../../lib/errors.ts';
import { handlerOf, stateEvent } from '../../lambda/handler-of.ts';

const event = { execution: 'arn:one', state: { a: 1 } };

test('hands on the event, whole', async () => {
  expect(await handlerOf(stateEvent, async (given) => given)(event)).toEqual(event);
});

test('an event that is none is refused before anything is done', async () => {
  const done: string[] = [];
  const handler = handlerOf(stateEvent, async ({ execution }) => done.push(execution));
  await expect(handler({ state: {} })).rejects.toThrow('execution');
  expect(done).toEqual([]);
});

test('an error is known by its code, and says all that it has to say', async () => {
  const handler = handlerOf(stateEvent, () =>
    Promise.reject(new PlimsollError('E-LOAD-STOP', 'two tasks still run', ['task/a', 'task/b'])),
  );
  await expect(handler(event)).rejects.toMatchObject({
    name: 'E-LOAD-STOP',
    message: 'two tasks still run\ntask/a\ntask/b',
  });
});

test('a defect stays what it is', async () => {
  const handler = handlerOf(stateEvent, () => Promise.reject(new RangeError('no such phase')));
  await expect(handler(event)).rejects.toMatchObject({ name: 'RangeError', message: 'no such phase' });
});
