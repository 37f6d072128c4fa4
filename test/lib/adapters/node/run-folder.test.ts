import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pointLatestAt, readReportText, RunFolder } from '../../../../lib/adapters/node/run-folder.ts';
import { parseInterval } from '../../../../lib/measure/codec.ts';
import { encodeInterval } from '../../../../lib/measure/encode.ts';
import { FolderStore } from '../../../../lib/adapters/node/folder-store.ts';
import { allSteps } from '../../../../lib/measure/interval.ts';
import { folderKeys } from '../../../../lib/run/archive/keys.ts';
import { outcomesOf } from '../../../../lib/run/archive/outcomes.ts';
import { runAt } from '../../../../lib/run/archive/run-record.ts';
import { intervalOf, phaseOf } from '../../analysis/measured.ts';
import { planOf } from '../../run/plan.ts';

let base = '';
const elsewhere: string[] = [];

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'plimsoll-test-'));
});
afterEach(async () => {
  for (const path of [base, ...elsewhere.splice(0)]) await rm(path, { recursive: true, force: true });
});

const wire = (second: number) => encodeInterval({ phase: 0, worker: 0, second }, intervalOf({ ok: second }));
const begun = {
  plan: planOf([phaseOf({ seconds: 3 })]),
  facts: {
    id: 'r',
    startedAt: '2026-11-21T00:00:00.000Z',
    environment: 'laptop',
    target: 'http://127.0.0.1:1/',
    execution: 'local',
    planSha256: 'ab',
    workers: 1,
  },
};
const files = new Map([
  ['a.txt', 'first'],
  ['b.txt', 'second'],
]);

async function opened(name = 'run'): Promise<RunFolder> {
  const folder = await RunFolder.create(join(base, name));
  await folder.begin(begun);
  return folder;
}

describe('a run folder', () => {
  test('is made with the folders above it', async () => {
    const folder = await opened('deep/er/run');
    expect((await stat(folder.path)).isDirectory()).toBe(true);
  });

  test('may be there already', async () => {
    await mkdir(join(base, 'run'));
    await expect(opened()).resolves.toMatchObject({ failure: undefined });
  });

  test.each([
    ['is a file', 'file'],
    ['would be below a file', 'file/run'],
  ])('that %s is refused with E-OUT', async (_, name) => {
    await writeFile(join(base, 'file'), '');
    await expect(RunFolder.create(join(base, name))).rejects.toMatchObject({ code: 'E-OUT' });
  });

  test('has intervals in their order, one a line, under the keys of a bucket', async () => {
    const folder = await opened();
    await folder.openPhase({ phase: begun.plan.phases[0]!, number: 0 }, 1);
    await folder.startPhase(0, 5);
    for (const second of [0, 1, 2]) folder.append(wire(second));
    await folder.endPhase(0, undefined, []);
    const text = await readFile(join(folder.path, folderKeys.phase(0).intervals(0, 0)), 'utf8');
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => parseInterval(JSON.parse(line))),
    ).toEqual([0, 1, 2].map(wire));
    expect(folder.failure).toBeUndefined();
  });

  test('can be measured again from what lies in it, by what merges a bucket', async () => {
    const folder = await opened();
    await folder.openPhase({ phase: begun.plan.phases[0]!, number: 0 }, 1);
    await folder.startPhase(0, 5);
    for (const second of [0, 1, 2]) folder.append(wire(second));
    await folder.endPhase(0, undefined, []);
    const store = new FolderStore(folder.path);
    const run = await runAt(store, folderKeys);
    const [outcome] = await outcomesOf(store, run!);
    expect(allSteps(outcome!.measurement.total).ledger.ok).toBe(0 + 1 + 2);
    expect([outcome!.startedAtMs, outcome!.lost]).toEqual([5, undefined]);
  });

  test('that was killed in the middle of a line has the seconds before it', async () => {
    const folder = await opened();
    await folder.openPhase({ phase: begun.plan.phases[0]!, number: 0 }, 1);
    await folder.startPhase(0, 5);
    await folder.endPhase(0, undefined, []);
    const whole = `${JSON.stringify(wire(1))}\n`;
    await writeFile(join(folder.path, folderKeys.phase(0).intervals(0, 0)), whole + whole.slice(0, 99));
    await rm(join(folder.path, folderKeys.phase(0).end(0)));
    const store = new FolderStore(folder.path);
    const run = await runAt(store, folderKeys);
    const [outcome] = await outcomesOf(store, run!);
    expect(allSteps(outcome!.measurement.total).ledger.ok).toBe(1);
    expect(outcome!.lost).toBeDefined();
  });

  test('that takes no intervals says why, and ends nothing', async () => {
    const folder = await opened();
    await mkdir(join(folder.path, folderKeys.phase(0).intervals(0, 0)), { recursive: true });
    await folder.openPhase({ phase: begun.plan.phases[0]!, number: 0 }, 1);
    await folder.startPhase(0, 5);
    folder.append(wire(0));
    await folder.endPhase(0, undefined, []);
    folder.append(wire(1));
    expect(folder.failure).toContain('EISDIR');
  });

  test('leaves phases that are not of a run', async () => {
    await mkdir(join(base, 'run/phases'), { recursive: true });
    await writeFile(join(base, 'run/phases/notes.txt'), 'mine');
    await opened();
    expect(await readFile(join(base, 'run/phases/notes.txt'), 'utf8')).toBe('mine');
  });

  test('takes away the phases and the report of an earlier run', async () => {
    const folder = await opened();
    await folder.openPhase({ phase: begun.plan.phases[0]!, number: 3 }, 1);
    await folder.startPhase(3, 5);
    await folder.endPhase(3, undefined, []);
    await writeFile(join(folder.path, 'report.json'), '{}');
    await opened();
    expect((await readdir(folder.path)).toSorted()).toEqual(['.apart', 'plan.json', 'run.json']);
  });
});

describe('of a run that never began', () => {
  test('nothing is left, the folders above it neither', async () => {
    const folder = await RunFolder.create(join(base, 'runs/first'));
    await folder.leaveNothing();
    expect(await readdir(base)).toEqual([]);
  });

  test('what somebody else put there stays, and so does a folder that was there', async () => {
    await mkdir(join(base, 'runs/two'), { recursive: true });
    const one = await RunFolder.create(join(base, 'runs/one'));
    const two = await RunFolder.create(join(base, 'runs/two'));
    await writeFile(join(one.path, 'target.log'), '');
    await one.leaveNothing();
    await two.leaveNothing();
    expect((await readdir(join(base, 'runs'))).toSorted()).toEqual(['one', 'two']);
  });

  test("an earlier run's intervals are as they were", async () => {
    await writeFile(join(base, 'intervals.ndjson'), 'earlier');
    await (await RunFolder.create(base)).leaveNothing();
    expect(await readFile(join(base, 'intervals.ndjson'), 'utf8')).toBe('earlier');
  });
});

describe('files', () => {
  test('are written, and nothing is left of their drafts', async () => {
    const folder = await opened();
    expect(await folder.write(files)).toEqual({ path: folder.path });
    expect((await readdir(folder.path)).toSorted()).toEqual(['.apart', 'a.txt', 'b.txt', 'plan.json', 'run.json']);
    expect(await readFile(join(folder.path, 'b.txt'), 'utf8')).toBe('second');
  });

  test('are whole or as they were: what can not be put in place leaves no draft and no half of it', async () => {
    const folder = await opened();
    await folder.write(files);
    await rm(join(folder.path, 'b.txt'));
    await mkdir(join(folder.path, 'b.txt/full'), { recursive: true });
    const { path } = await folder.write(new Map([['b.txt', 'new']]));
    elsewhere.push(path);
    expect(path).not.toBe(folder.path);
    expect((await readdir(folder.path)).toSorted()).toEqual(['.apart', 'a.txt', 'b.txt', 'plan.json', 'run.json']);
    expect(await readFile(join(folder.path, 'a.txt'), 'utf8')).toBe('first');
  });

  test('go to the temporary folder where the run folder is gone, all of them', async () => {
    const folder = await opened();
    await rm(folder.path, { recursive: true });
    const { path, failure } = await folder.write(files);
    elsewhere.push(path);
    expect(path.startsWith(join(tmpdir(), 'plimsoll-run-'))).toBe(true);
    expect(failure).toContain('ENOENT');
    expect((await readdir(path)).toSorted()).toEqual(['a.txt', 'b.txt']);
  });

  test('never go into a folder that was there: each time it is another', async () => {
    const folder = await opened();
    await rm(folder.path, { recursive: true });
    const paths = [await folder.write(files), await folder.write(files)].map(({ path }) => path);
    elsewhere.push(...paths);
    expect(new Set(paths).size).toBe(2);
  });

  test('are rewritten in place, or E-OUT', async () => {
    const folder = await opened();
    expect(await RunFolder.rewrite(folder.path, files)).toBe(folder.path);
    expect(await readFile(join(folder.path, 'a.txt'), 'utf8')).toBe('first');
    await expect(RunFolder.rewrite(join(base, 'none'), files)).rejects.toMatchObject({ code: 'E-OUT' });
  });
});

describe('latest', () => {
  test('points at the run, and at the next one after that', async () => {
    for (const name of ['one', 'two']) {
      await opened(name);
      await pointLatestAt(join(base, name));
      expect(await readlink(join(base, 'latest'))).toBe(name);
    }
  });

  test('leaves a folder of that name alone', async () => {
    await mkdir(join(base, 'latest'));
    await writeFile(join(base, 'latest/mine'), '');
    await pointLatestAt((await opened()).path);
    expect(await readdir(join(base, 'latest'))).toEqual(['mine']);
  });
});

test('the kept report is read, and its absence is E-RUN-MISSING', async () => {
  const folder = await opened();
  expect(await readReportText(folder.path)).toBeUndefined();
  await folder.write(new Map([['report.json', '{}']]));
  expect(await readReportText(folder.path)).toBe('{}');
});
