import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { monitoringCommand } from '../../bin/commands/monitoring.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-monitoring-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the command, and returns what it says and the rules that it wrote. */
async function written(options: Parameters<typeof monitoringCommand>[0]): Promise<{ said: string; rules: string }> {
  const lines: string[] = [];
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  try {
    expect(await monitoringCommand({ ...options, out: folder })).toBe(0);
  } finally {
    write.mockRestore();
  }
  return { said: lines.join(''), rules: await readFile(join(folder, 'prometheus-rules.yaml'), 'utf8') };
}

test("takes a plan's own names, and says which of them Prometheus can't read", async () => {
  const plan = join(folder, 'plan.yaml');
  await writeFile(
    plan,
    [
      'name: own names',
      'target: http://127.0.0.1:8080',
      'signals:',
      '  metrics: /metrics',
      '  names:',
      '    database.pool-waiting: shop_db_waiters',
      `    service.worker-queue: '{__name__=~"shop_queue_.*"}'`,
      'scenarios:',
      '  - { name: front page, steps: [{ get: / }] }',
      'phases:',
      '  - { name: users, kind: sustained, duration: 1m, closed: { users: 20 } }',
    ].join('\n'),
  );
  const { said, rules } = await written({ plan });
  expect(rules).toContain('(shop_db_waiters)');
  expect(rules).not.toContain('db_pool_waiting');
  expect(said).toContain('No rule reads service.worker-queue');
  expect(said).not.toContain('No rule reads database.pool-waiting');
});

test('takes the measured capacity of a policy; without one its alarm is said to have no rule', async () => {
  const policy = join(folder, 'shop.yaml');
  const own = await readFile('config/scaling/perf.yaml', 'utf8');
  await writeFile(policy, `${own}\nmeasured: { run: r1, capacityPerSecond: 1234 }\n`);
  const capable = await written({ policy });
  expect(capable.rules).toContain('/ 1234');
  expect(capable.said).not.toContain('No rule for');
  const without = await written({});
  expect(without.rules).not.toContain('alert: tps-near-capacity');
  expect(without.said).toContain('No rule for tps-near-capacity: give --policy');
});

test('looks at the named jobs, and says where runbooks are', async () => {
  const { rules } = await written({ jobs: 'shop, postgres,', runbooks: 'https://example.org/run/', period: '30s' });
  expect(rules).toContain('up{job=~"shop|postgres"}');
  expect(rules).toContain('runbook_url: https://example.org/run/error-rate.md');
  expect(rules).toContain('5 of 5 readings of 30s.');
  expect(rules).toContain('[150s:30s]');
});

test.each(['0s', '500ms', '2h', 'soon'])('%s is no period', async (period) => {
  await expect(monitoringCommand({ period, out: folder })).rejects.toMatchObject({ code: 'E-USAGE' });
});

test('a folder that cannot be made is an error of its own', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  await expect(monitoringCommand({ out: join(file, 'below') })).rejects.toMatchObject({ code: 'E-OUT' });
});
