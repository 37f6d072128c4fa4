import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exitCodes } from '../../lib/errors.ts';
import { CommandLine, type Ended, Workplace } from './command-line.ts';

const SAMPLES = fileURLToPath(new URL('../lib/importers/samples', import.meta.url));
const sample = (name: string): string => join(SAMPLES, name);

let place: Workplace;
const inPlace = (name: string): string => join(place.path, name);
const plimsoll = (...args: readonly string[]): Promise<Ended> => new CommandLine(args).ended;

beforeAll(async () => {
  place = await Workplace.make();
});
afterAll(() => place[Symbol.asyncDispose]());

async function copyOf(folder: string): Promise<string> {
  await cp(folder, `${folder}-again`, { recursive: true });
  return `${folder}-again`;
}

describe('plimsoll import', () => {
  test('makes a run in the archive of every run, which is reported again byte by byte', async () => {
    const folder = inPlace('k6');
    const { code, out } = await plimsoll('import', sample('recorded/output.ndjson'), '--out', folder, '--json');
    const summary = await place.summary('k6');
    expect([code, JSON.parse(out)]).toEqual([exitCodes.passed, summary]);
    expect(summary.format).toBe('plimsoll.summary.v1');
    expect(summary).toMatchObject({ verdict: 'unknown', imported: { tool: 'k6', evidence: 'samples' } });
    expect(summary.phases[0]).toMatchObject({
      validity: { verdict: 'unknown' },
      ledger: { sent: 60, ok: 57 },
      responseTimeUs: { p50: null },
      serviceTimeUs: { max: 85_873 },
      offeredPerSecond: null,
    });
    expect(await readdir(join(folder, 'phases/0/intervals/0'))).toEqual(['000000.ndjson']);
    const names = ['report.html', 'report.md', 'intervals.csv', 'summary.json', 'junit.xml'];
    const readAll = () => Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    const first = await readAll();
    for (const name of names) await rm(join(folder, name));
    expect((await plimsoll('report', folder)).code).toBe(exitCodes.passed);
    expect((await readAll()).map((text, at) => text === first[at])).toEqual(names.map(() => true));
    expect(first[0]).toContain('Measured by k6');
    expect(first[1]).toContain('from sending to the last byte');
  });

  test('makes one run of the files that Locust has written side by side, and says what it can’t', async () => {
    const files = ['stats', 'stats_history', 'failures'].map((name) => sample(`made/locust_${name}.csv`));
    const runs = await new CommandLine(['import', ...files], {
      env: { npm_lifecycle_event: 'plimsoll', INIT_CWD: place.path },
    }).ended;
    expect([runs.code, runs.err.match(/^Report:/gm)?.length]).toEqual([exitCodes.passed, 1]);
    expect(runs.out).toContain('from the intended start');
    expect((await readdir(inPlace('runs'))).length).toBe(1);
  });

  test('makes one run of files that are named as phases, in the order of a run, each with its own source', async () => {
    const folder = inPlace('phases');
    const [warmUp, calm] = [sample('made/artillery-1.json'), sample('made/artillery-2.json')];
    const files = [`stress=${sample('recorded/output.ndjson')}`, `sustained=${calm}`, `warm-up=${warmUp}`];
    const { code, out } = await plimsoll('import', ...files, '--out', folder);
    const summary = await place.summary('phases');
    expect([code, summary.verdict, summary.target, 'imported' in summary]).toEqual([
      exitCodes.passed,
      'unknown',
      'http://127.0.0.1:8080',
      false,
    ]);
    // The requests are those of the files alone; the course is warm-up's 3 s, sustained's 20 s, then stress.
    expect(
      summary.phases.map(({ name, kind, ledger, imported, scenarios }) => ({
        name,
        kind,
        sent: ledger.sent,
        tool: imported?.tool,
        to: imported?.times.to,
        scenarios: scenarios.map((each) => [each.name, each.steps.reduce((sum, step) => sum + step.ledger.sent, 0)]),
      })),
    ).toEqual([
      {
        name: 'warm-up',
        kind: 'warm-up',
        sent: 3,
        tool: 'Artillery',
        to: 'first-byte',
        scenarios: [['Artillery warm-up', 3]],
      },
      {
        name: 'sustained',
        kind: 'sustained',
        sent: 240,
        tool: 'Artillery',
        to: 'first-byte',
        scenarios: [['Artillery sustained', 240]],
      },
      { name: 'stress', kind: 'stress', sent: 60, tool: 'k6', to: 'last-byte', scenarios: [['k6 stress', 60]] },
    ]);
    const alone = inPlace('stress-alone');
    await plimsoll('import', sample('recorded/output.ndjson'), '--out', alone);
    const [single] = (await place.summary('stress-alone')).phases;
    expect(summary.phases[2]).toMatchObject({
      serviceTimeUs: single?.serviceTimeUs,
      throughputPerSecond: single?.throughputPerSecond,
      scenarios: [{ steps: single?.scenarios[0]?.steps }],
    });
    expect(out).toContain("Times can't be held against each other across these phases");
    const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'));
    expect(report.timeline.map((each: { startSeconds: number }) => each.startSeconds)).toEqual([0, 3, 23]);
    const compared = JSON.parse((await plimsoll('compare', folder, await copyOf(folder), '--format', 'json')).out);
    // Finished figures have no seconds, so nothing is said of sustained; warm-up doesn't count.
    expect(
      compared.phases.map(({ phase, refusals, subjects }: Record<string, readonly unknown[]>) => [
        phase,
        refusals?.length,
        subjects?.length,
      ]),
    ).toEqual([
      ['sustained', 1, 0],
      ['stress', 0, 3],
    ]);
  });

  test.each([
    [['warm-up=a', 'warm-up=b'], 'warm-up is given 2 times'],
    [['warmup=a'], '"warmup" is no phase; there are warm-up, sustained, stress, recovery'],
    [['stress=a', 'b.json'], 'b.json has no phase'],
    [['stress='], 'stress= names no file'],
    [['sustained=SAMPLE', 'stress=none.json'], 'none.json: It can'],
  ])('%j makes no run: %s', async (args, sentence) => {
    const folder = inPlace('no-run');
    const given = args.map((arg) => arg.replace('SAMPLE', sample('recorded/output.ndjson')));
    const { code, err } = await plimsoll('import', ...given, '--out', folder);
    expect([code, err.includes(sentence)]).toEqual([exitCodes.usage, true]);
    await expect(readdir(folder)).rejects.toThrow('ENOENT');
  });

  test('refuses what it can’t import with a code each, leaves no folder of it, and imports the rest', async () => {
    const here = { env: { npm_lifecycle_event: 'plimsoll', INIT_CWD: await mkdtemp(join(place.path, 'refused-')) } };
    const files = [
      await place.write('empty.txt', ''),
      await place.write('unknown.txt', 'hello\n'),
      await place.write('packed.gz', '\u001F\u008B'),
      inPlace('none.jtl'),
      sample('made/locust_failures.csv'),
      sample('recorded/ab.txt'),
    ];
    const { code, err } = await new CommandLine(['import', ...files], here).ended;
    expect([
      code,
      Array.from(err.matchAll(/^(E-[A-Z-]+): \S*?([\w-]+\.\w+): /gm), ([, each, file]) => `${file} ${each}`),
    ]).toEqual([
      exitCodes.usage,
      [
        'empty.txt E-IMPORT-UNKNOWN',
        'unknown.txt E-IMPORT-UNKNOWN',
        'packed.gz E-IMPORT-UNKNOWN',
        'none.jtl E-IMPORT-MISSING',
        'locust_failures.csv E-IMPORT-DAMAGED',
      ],
    ]);
    expect((await readdir(join(here.env.INIT_CWD, 'runs'))).map((name) => name.replace(/^.*Z-/, ''))).toEqual([
      'import-6-ab-txt',
    ]);
  });
});
