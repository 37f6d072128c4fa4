import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RunHistory } from '../../lib/analysis/history/history.ts';
import type { Comparison } from '../../lib/analysis/compare/compare.ts';
import { compareCommand } from '../../bin/commands/compare.ts';
import { exitCodes, PlimsollError } from '../../lib/errors.ts';
import { uniform01 } from '../../lib/schedule/random.ts';
import { CommandLine, type Ended, Workplace } from './command-line.ts';

const SAMPLES = fileURLToPath(new URL('../lib/importers/samples', import.meta.url));

/** 20 s of 60 requests a second of two labels, in whole ms. */
function jtl(seed: number, slower: number): string {
  const draw = uniform01(seed);
  const rows = Array.from({ length: 1200 }, (_, at) => {
    const label = at % 2 === 0 ? 'browse' : 'pay';
    const ms = Math.round(80 * 2 ** draw() * (label === 'pay' ? slower : 1));
    return `${1_700_000_000_000 + Math.round((at * 1000) / 60)},${ms},${label},200,OK,true,${ms}`;
  });
  return `timeStamp,elapsed,label,responseCode,responseMessage,success,Latency\n${rows.join('\n')}\n`;
}

let place: Workplace;
/** Four of one build, one whose payments take half as long again, and one of finished figures. */
let runs: readonly string[];
const compare = (...args: readonly string[]): Promise<Ended> => new CommandLine(['compare', ...args]).ended;

beforeAll(async () => {
  place = await Workplace.make();
  const files = await Promise.all([1, 1, 1, 1, 1.5].map((slower, at) => place.write(`${at}.jtl`, jtl(at + 1, slower))));
  const inPlace = { env: { npm_lifecycle_event: 'plimsoll', INIT_CWD: place.path } };
  const finished = join(SAMPLES, 'made/k6-export.json');
  const { code, err } = await new CommandLine(['import', ...files, finished], inPlace).ended;
  if (code !== 0) throw new Error(err);
  const folders = (await readdir(join(place.path, 'runs'))).filter((name) => name !== 'latest');
  const named = (ending: string) => join(place.path, 'runs', folders.find((name) => name.endsWith(ending)) ?? '');
  runs = ['0-jtl', '1-jtl', '2-jtl', '3-jtl', '4-jtl', 'k6-export-json'].map(named);
}, 120_000);
afterAll(() => place[Symbol.asyncDispose]());

describe('plimsoll compare', () => {
  test('finds what is worse, by its step, and ends with a code of its own where it is asked to', async () => {
    const [{ code, out }, { code: unasked, out: markdown }, { code: same }] = await Promise.all([
      compare(...runs.slice(0, 5), '--fail-on', 'worse', '--json'),
      compare(...runs.slice(0, 4), join(runs[4] ?? '', 'summary.json'), '--format', 'markdown'),
      compare(...runs.slice(0, 4), '--fail-on', 'worse'),
    ]);
    const { verdict, phases } = JSON.parse(out) as Comparison;
    const worse = phases.flatMap(({ subjects }) =>
      subjects.flatMap(({ step, shifts }) => shifts.filter((each) => each.verdict === 'worse').map(() => step)),
    );
    expect([code, unasked, same, verdict]).toEqual([exitCodes.worse, exitCodes.passed, exitCodes.passed, 'worse']);
    expect(worse.some((step) => step?.endsWith('/ pay'))).toBe(true);
    expect(worse.filter((step) => step?.endsWith('/ browse'))).toEqual([]);
    expect(markdown).toMatch(/^## .*worse than the baseline: p50 of service time in JMeter \+\d+ % /);
    expect(markdown).toMatch(/^\| p50 of service time \| JMeter \/ pay \|.*\| worse \|$/m);
  });

  test('of one pair says before any figure that the noise is not known, and passes no gate', async () => {
    const { code, out } = await compare(runs[0] ?? '', runs[4] ?? '', '--fail-on', 'worse');
    expect(code).toBe(exitCodes.unknown);
    const flat = out.replaceAll(/\s+/g, ' ');
    expect(flat).toMatch(/^\S+: it differs from the baseline, but the noise/);
    expect(flat).toContain('no figure is called better, same or worse');
    expect(flat.indexOf('called better')).toBeLessThan(flat.indexOf('serv. p50'));
    // What reads a pipe finds whole names; sentences are broken all the same.
    const sentences = out.split('\n').filter((line) => !line.includes('   '));
    expect(Math.max(...sentences.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(out).not.toMatch(/\S… /);
  });

  test('refuses what can’t be compared with a code', async () => {
    const [first = '', second = '', , , , finished = ''] = runs;
    const refusals: readonly [args: readonly string[], options: Record<string, string>, sentence: RegExp][] = [
      [[first], {}, /^E-USAGE: .*needs a baseline/],
      [[first, join(place.path, 'nowhere')], {}, /^E-RUN-MISSING: There is no folder .*nowhere/],
      [[first, place.path], {}, /^E-RUN-MISSING: .*holds no run/],
      [[first, finished], {}, /^E-COMPARE-SECONDS: .*only finished figures/],
      [[first, first, second], {}, /^E-USAGE: .*are one run/],
      [[first, second], { tolerance: 'much' }, /^E-USAGE: --tolerance takes a percentage/],
      [[first, second], { last: '2' }, /^E-USAGE: --last takes a number from 1 to 1/],
      [[first, second], { failOn: 'better' }, /^E-USAGE: --fail-on takes worse/],
      [[first, second], { format: 'pdf' }, /^E-USAGE: .*text, markdown, html, json/],
      [[first, second], { noise: join(place.path, 'nowhere') }, /^E-RUN-MISSING: There is no folder .*nowhere/],
    ];
    for (const [args, options, sentence] of refusals) {
      const error: unknown = await compareCommand(args, options).catch((thrown: unknown) => thrown);
      expect(error instanceof PlimsollError ? `${error.code}: ${error.message}` : error).toMatch(sentence);
    }
  });

  test('is joined by a history of the same runs, which are too few for a change', async () => {
    const [{ code, out }, { code: none, err }] = await Promise.all([
      new CommandLine(['history', join(place.path, 'runs'), '--json']).ended,
      new CommandLine(['history', join(place.path, 'runs'), '--plan', 'bank']).ended,
    ]);
    const { runs: listed, courses } = JSON.parse(out) as RunHistory;
    expect([code, none, listed.length > 0]).toEqual([exitCodes.passed, exitCodes.usage, true]);
    expect(courses.length).toBeGreaterThan(0);
    expect(courses.flatMap(({ changes }) => changes)).toEqual([]);
    expect(err).toMatch(/There are runs of .*E-RUN-MISSING: .*no run of the plan "bank"/s);
  });
});
