import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { exitCodes } from '../../lib/errors.ts';
import type { Summary } from '../../lib/report/summary.ts';
import { CommandLine, Workplace, type Ended } from './command-line.ts';
import { connections } from './honesty/behaviours/connections.ts';
import { reachability } from './honesty/behaviours/reachability.ts';
import { tls } from './honesty/behaviours/tls.ts';
import { MisbehavingServer } from './honesty/server.ts';
import { TimedServer } from './honesty/timed-server.ts';
import { codesIn, planOf } from './plan-text.ts';
import { Service } from './service.ts';

/** What goes wrong while a run goes on: the target, the disk, the machine's own limits. */
const named = (list: typeof tls, name: string) => {
  const found = list.find((each) => each.name === name);
  if (found === undefined) throw new RangeError(name);
  return found;
};

interface Loaded extends Ended {
  readonly orphans: boolean;
  readonly summary: Summary | undefined;
}

/** Runs the plan against a server that goes wrong in one way. */
async function runAgainst(behaviour: ReturnType<typeof named>, limit?: string): Promise<Loaded> {
  await using workplace = await Workplace.make();
  const server = new MisbehavingServer(behaviour);
  await server.listen();
  const path = await workplace.write(
    'plan.yaml',
    planOf({ target: server.url, top: 'headers: { x-id: "{{ $uuid }}" }' }),
  );
  const limited = limit === undefined ? {} : { limit, env: { TMPDIR: workplace.path } };
  const command = new CommandLine(['run', path, '--out', `${workplace.path}/out`], limited);
  const ended = await command.ended;
  await server.close();
  const summary = await workplace.summary('out').catch(() => undefined);
  return { ...ended, summary, orphans: command.leavesOrphans };
}

/** A busy machine may make the measurement void, which is no success either. */
const NO_SUCCESS = [exitCodes.objectivesFailed, exitCodes.void];

/** What is met of a target that dies depends on how far each request was: on a busy machine all may be under way. */
test.each<[string, ReturnType<typeof named>, readonly string[]]>([
  ['TLS error', named(tls, 'TLS, unknown authority'), ['tls']],
  ['target that dies in mid-run', named(reachability, 'dies in mid-run'), ['closed', 'refused', 'reset']],
])('%s: the run goes on to its end, and its result tells of it', async (_, behaviour, kinds) => {
  const { code, err, summary, orphans } = await runAgainst(behaviour);
  const { failures = {}, failed = 0 } = summary?.phases[0]?.ledger ?? {};
  expect(NO_SUCCESS).toContain(code);
  expect(failed).toBeGreaterThan(0);
  expect(Object.keys(failures).filter((kind) => !kinds.includes(kind))).toEqual([]);
  expect(summary?.phases[0]?.arrivals.due).toBe(15);
  expect(err).not.toMatch(/^ {4}at |E-INTERNAL/m);
  expect(orphans).toBe(false);
});

test('a disk that takes no report: the exit code says so, and what was measured was told before', async () => {
  const { code, out, err, orphans } = await runAgainst(named(connections, 'says close and closes'), '-f 4');
  expect(code).toBe(exitCodes.outputFailed);
  expect(codesIn(err)).toEqual(['E-OUT']);
  expect(err).not.toMatch(/^ {4}at /m);
  expect(err).toMatch(/^one: (?:pass|void), .* req\/s, /m);
  expect(out).toMatch(/^(?:PASS|VOID) {2}/m);
  expect(orphans).toBe(false);
});

test('a folder that goes away in mid-run: the report is kept in the temporary folder', async () => {
  await using workplace = await Workplace.make();
  const folder = join(workplace.path, 'out');
  const service = await Service.listen();
  const { heard, release } = service.hold();
  const path = await workplace.write('plan.yaml', planOf({ target: service.url }));
  const command = new CommandLine(['run', path, '--out', folder], { env: { TMPDIR: workplace.path } });
  await heard;
  await rm(folder, { recursive: true });
  await workplace.write('out', 'a file where the folder was');
  release();
  const { code, err, out } = await command.ended;
  service.close();
  const kept = readdirSync(workplace.path).find((name) => name.startsWith('plimsoll-out-')) ?? 'nowhere';
  expect(code).toBe(exitCodes.outputFailed);
  expect(codesIn(err)).toEqual(['E-OUT']);
  expect(err).toContain(join(workplace.path, kept));
  expect(out).not.toBe('');
  const { ledger, arrivals } = (await workplace.summary(kept)).phases[0] ?? {};
  expect(arrivals?.due).toBe(15);
  expect(ledger).toMatchObject({ sent: service.asked.length, ok: service.asked.length });
});

test('too few file descriptors: failures of the generator, by their name, and a void measurement', async () => {
  await using workplace = await Workplace.make();
  // Each reply takes longer than the phase, so that no socket is there twice, however late the generator runs.
  const server = await TimedServer.listen(() => 400);
  const path = await workplace.write('plan.yaml', planOf({ target: server.url, load: 'open: { rate: 800 }' }));
  const { code, err } = await new CommandLine(['run', path, '--out', `${workplace.path}/out`], { limit: '-n 64' })
    .ended;
  server.close();
  const { ledger, validity } = (await workplace.summary('out')).phases[0] ?? {};
  expect(code).toBe(exitCodes.void);
  expect(validity?.reasons.join()).toContain('ulimit -n');
  expect(ledger?.failures).toEqual({ sockets: expect.any(Number) });
  // What failed for want of a socket never reached the server; everything else did, once.
  expect(server.urls).toHaveLength((ledger?.sent ?? 0) - (ledger?.failed ?? 0));
  expect(ledger?.ok).toBe(server.urls.length);
  expect(err).not.toMatch(/^ {4}at |E-INTERNAL/m);
});
