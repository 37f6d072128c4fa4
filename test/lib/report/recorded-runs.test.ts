import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { FolderStore } from '../../../lib/adapters/node/folder-store.ts';
import { windowOf } from '../../../lib/analysis/outcome.ts';
import { judgePhase } from '../../../lib/analysis/phase.ts';
import { analyse } from '../../../lib/analysis/index.ts';
import { buildReport } from '../../../lib/report/build.ts';
import { renderersWith } from '../../../lib/report/formats/index.ts';
import { textSummary } from '../../../lib/report/formats/text.ts';
import { planConfiguration } from '../../../lib/report/plan-configuration.ts';
import type { Report } from '../../../lib/report/report.ts';
import { folderKeys } from '../../../lib/run/archive/keys.ts';
import { outcomesOf } from '../../../lib/run/archive/outcomes.ts';
import { runAt } from '../../../lib/run/archive/run-record.ts';
import { jsonAt } from '../../../lib/run/archive/store.ts';
import { signals } from '../../../lib/signals/index.ts';
import type { SignalSeries } from '../../../lib/signals/signal.ts';

/**
 * Ten runs as `plimsoll run` left them in their folders, against one small server: their intervals go through merging, analysis and every
 * format once more, and have to give the same bytes. A change that is meant is written with PLIMSOLL_GOLDEN=write, and read as a diff.
 */
const ROOT = new URL('../../golden/recorded/', import.meta.url);
const RUNS = readdirSync(ROOT);

const renderers = renderersWith({ uplotJs: '', uplotCss: '', pageJs: '', pageCss: '' });

/** Every file that a run's report consists of, by name. */
async function filesOf(name: string): Promise<[name: string, text: string][]> {
  const report = await reportOf(new URL(`${name}/`, ROOT).pathname);
  return [
    ['report.json', JSON.stringify(report, null, 1)],
    ['summary.txt', textSummary(report)],
    ...renderers.map(({ fileName, render }): [string, string] => [fileName, render(report)]),
  ];
}

async function reportOf(folder: string): Promise<Report> {
  const store = new FolderStore(folder);
  const run = await runAt(store, folderKeys);
  if (run === undefined) throw new Error(`${folder} holds no run`);
  const { plan, facts } = run;
  const outcomes = await outcomesOf(store, run);
  const series = (await jsonAt(store, folderKeys.signals, (value) => value as readonly SignalSeries[])) ?? [];
  const startedAtMs = Date.parse(facts.startedAt);
  const phases = outcomes.map((outcome) => judgePhase(plan, outcome, windowOf(outcome, startedAtMs, series)));
  const endedAtMs = Math.max(...outcomes.map((each) => each.startedAtMs + each.ranSeconds * 1000));
  const analysed = { plan, startedAtMs, outcomes, phases, interrupted: false, signals, series };
  return buildReport({
    ...analysed,
    run: { id: facts.id, startedAt: facts.startedAt, endedAt: new Date(endedAtMs).toISOString(), version: '0.0.0' },
    plan,
    planSha256: facts.planSha256,
    target: facts.target,
    findings: analyse(analysed),
    statements: [],
    configuration: [['Target', facts.target], ...planConfiguration(plan)],
    doubts: [],
  });
}

describe('recorded runs', () => {
  test('there are ten of them, and together they had every verdict but one that only a busy generator gives', async () => {
    const verdicts = await Promise.all(
      RUNS.map(async (name) => (await reportOf(new URL(`${name}/`, ROOT).pathname)).summary.verdict),
    );
    expect(RUNS).toHaveLength(10);
    expect([...new Set(verdicts)].toSorted()).toEqual(['fail', 'pass', 'unknown']);
  });

  test.each(RUNS)('%s', async (name) => {
    for (const [file, text] of await filesOf(name)) {
      const expected = new URL(`${name}/expected/${file}`, ROOT);
      if (process.env['PLIMSOLL_GOLDEN'] === 'write') writeFileSync(expected, text);
      expect(text).toBe(readFileSync(expected, 'utf8'));
    }
  });
});
