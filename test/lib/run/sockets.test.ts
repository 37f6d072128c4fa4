import { expect, test } from '@jest/globals';
import { filesIn, portsIn, socketLimits } from '../../../lib/adapters/node/preflight.ts';
import { lowerPlan } from '../../../lib/plan/lower.ts';
import type { PlanInput } from '../../../lib/plan/schema.ts';
import { foreseeSockets } from '../../../lib/run/sockets.ts';

const LIMITS = { files: 20_200, ports: 28_232 };

const foreseen = (
  load: Pick<NonNullable<PlanInput['phases']>[number], 'open' | 'closed'>,
  rest: Partial<PlanInput> = {},
  where: 'loopback' | 'elsewhere' = 'elsewhere',
): string[] =>
  foreseeSockets(
    lowerPlan(
      {
        name: 'plan',
        scenarios: [{ name: 'all', steps: [{ get: '/' }] }],
        phases: [{ name: 'peak', kind: 'stress', duration: '10s', ...load }],
        ...rest,
      },
      { feeders: [] },
    ),
    LIMITS,
    where,
  ).map(({ says, remedy }) => `${says}; ${remedy}`);

const own = { connections: 'per-user' } as const;

test.each([
  ['20,000 users have 20,000 files', { closed: { users: 20_000 } }, {}, []],
  ['20,001 have not', { closed: { users: 20_001 } }, {}, [/20,001 users .* 20,000 more files; raise ulimit -n/]],
  ['30,000 users have too few ports', { closed: { users: 30_000 } }, {}, [/In peak 30,000 users .* 28,232 ports/]],
  [
    'two addresses have twice the ports',
    { closed: { users: 30_000 } },
    { sourceAddresses: ['10.0.0.1', '10.0.0.2'] },
    [/files/],
  ],
  ['470/s × 60 s = 28,200 ports', { open: { rate: 470 } }, own, []],
  ['471/s × 60 s = 28,260 ports', { open: { rate: 471 } }, own, [/28,260 ports would be in use or resting/]],
  ['shared connections are used again', { open: { rate: 10_000 } }, {}, []],
])('%s', (_, load, rest, sentences) => {
  expect(foreseen(load, rest)).toEqual(sentences.map((sentence) => expect.stringMatching(sentence)));
});

test('on loopback ports rest for a second only', () => {
  expect(foreseen({ open: { rate: 28_232 } }, own, 'loopback')).toEqual([]);
  expect(foreseen({ open: { rate: 28_233 } }, own, 'loopback')).toHaveLength(1);
});

test.each([
  ['Limit  Soft Limit  Hard Limit\nMax open files            1024                 1048576              files', 1024],
  ['', Number.POSITIVE_INFINITY],
])('files in %j', (text, files) => {
  expect(filesIn(text)).toBe(files);
});

test.each([
  ['32768\t60999\n', 28_232], // 60,999 − 32,768 + 1
  ['', Number.POSITIVE_INFINITY],
])('ports in %j', (text, ports) => {
  expect(portsIn(text)).toBe(ports);
});

test('this machine tells some, or nothing', async () => {
  const { files, ports } = await socketLimits();
  expect(files).toBeGreaterThan(100);
  expect(ports).toBeGreaterThan(0);
});
