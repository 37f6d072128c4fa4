import { expect, test } from '@jest/globals';
import { explain } from './explain.ts';
import { timesLess } from './machine-line.ts';

test('a plan is told by the nodes that read, the blocks of its root, and the median of the executions after the first', async () => {
  const times = [900, 5, 1, 2, 4, 3];
  const said: string[] = [];
  const reading = { 'Node Type': 'Bitmap Index Scan', 'Shared Hit Blocks': 2 };
  const Plan = {
    'Node Type': 'Limit',
    'Shared Hit Blocks': 5,
    'Shared Read Blocks': 1,
    Plans: [{ 'Node Type': 'Bitmap Heap Scan', Plans: [reading, reading] }],
  };
  const query = (text: string): Promise<object> => {
    said.push(text);
    if (!text.startsWith('EXPLAIN')) return Promise.resolve({ rows: [] });
    return Promise.resolve({ rows: [{ 'QUERY PLAN': [{ Plan, 'Execution Time': times.shift() }] }] });
  };
  const client = { query } as Parameters<typeof explain>[0];
  expect(await explain(client, 'DELETE FROM visits')).toEqual({
    how: 'Bitmap Heap Scan, Bitmap Index Scan',
    blocks: 6,
    ms: 3,
  });
  // Six executions, each undone before the next, since a statement may write.
  expect(said.filter((text) => text === 'ROLLBACK TO SAVEPOINT before_it')).toHaveLength(6);
});

test.each([
  [182, 0.036, '5,100×'],
  [10, 4, '2.5×'],
  [0.02, 0.022, '0.91×'],
  [1, 0, '–'],
])('%d ÷ %d is %s', (before, after, said) => expect(timesLess(before, after)).toBe(said));
