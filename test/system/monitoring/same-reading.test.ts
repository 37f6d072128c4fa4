import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { signals } from '../../../lib/signals/index.ts';
import { expressionOf } from '../../../lib/signals/prometheus/expression.ts';
import { parsePrometheus } from '../../../lib/signals/prometheus/exposition.ts';
import type { Scrape } from '../../../lib/signals/signal.ts';
import { type ExporterSample, exporterSamples } from './exporter-samples.ts';
import { installed, Prometheus, promtool } from './prometheus.ts';

/*
 * Each reading is said twice: over scrapes, and in PromQL. Both are held against each other on what real client libraries and
 * exporters export, in a real Prometheus.
 */

const FOLDER = join(import.meta.dirname, '../../lib/signals/exposition');
const names = readdirSync(FOLDER);

/** Two scrapes, 2 s apart, as ecosystems.test.ts reads them. */
function scrapesOf(name: string): { readonly before: Scrape; readonly now: Scrape } {
  const [before, now] = readFileSync(join(FOLDER, name), 'utf8')
    .split('# 2 s later')
    .map((text, i) => ({
      atMs: i * 2000,
      values: new Map([['host_cores', 2], ['host_memory_bytes', 1e9], ...parsePrometheus(text)]),
    }));
  if (before === undefined || now === undefined) throw new Error(`${name} has no second scrape`);
  return { before, now };
}

const AT_SECONDS = Math.floor(Date.now() / 1000) - 3600;

/** Samples of seconds: a series grows as it does in the 2 s, and ends as it is now. What is not there before has counted nothing. */
function samples(key: string, own: string, [before, now]: readonly [number, number]): string[] {
  const labels = (/\{(.*)\}$/s.exec(key)?.[1] ?? '')
    .replaceAll(/(^|,)(job|instance)=/g, '$1exported_$2=')
    .replace(/,$/, '');
  const all = [own, labels].filter((each) => each !== '').join(',');
  return [4, 3, 2, 1, 0].map(
    (ago) => `${key.replace(/\{.*/s, '')}{${all}} ${now - ((now - before) / 2) * ago} ${AT_SECONDS - ago}`,
  );
}

function ofEcosystem(name: string): string[] {
  const { before, now } = scrapesOf(name);
  const own = `job="ecosystem",instance="${name}"`;
  return [
    ...samples('up', own, [1, 1]),
    ...Array.from(now.values).flatMap(([key, end]) => samples(key, own, [before.values.get(key) ?? 0, end])),
  ];
}

/** What these texts hold of it is found by the words of its name alone. */
const isByWords = (id: string, name: string): boolean =>
  /^(?:by-custom|grpc-and-loops)/.test(name) || (name === 'servers.txt' && id === 'service.time');

const ofExporter = ({ series }: ExporterSample, at: number): string[] =>
  series.flatMap(([key, before, now]) => samples(key, `job="exporters",sample="${at}"`, [before, now]));

const present = installed();
if (!present)
  process.stderr.write('same-reading.test.ts is skipped: there is no prometheus (apt install prometheus)\n');

const real = present ? describe : describe.skip;
real('a reading, and the same in PromQL', () => {
  let folder: string;
  let prometheus: Prometheus;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-readings-'));
    await writeFile(
      join(folder, 'samples.txt'),
      `${[...names.flatMap(ofEcosystem), ...exporterSamples.flatMap(ofExporter)].join('\n')}\n# EOF\n`,
    );
    const made = await promtool(['tsdb', 'create-blocks-from', 'openmetrics', 'samples.txt', 'data'], folder);
    if (!made.ok) throw new Error(made.said);
    await writeFile(join(folder, 'nothing.yml'), 'global: {}\n');
    prometheus = await Prometheus.start(folder, ['--config.file=nothing.yml']);
  });
  afterAll(async () => {
    await prometheus[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  test('have the same value; what is found by the words of its name is not looked for in PromQL', async () => {
    const scope = { by: 'job, instance', windowSeconds: 4, where: 'job="ecosystem"', quantities: {} };
    const different: string[] = [];
    let same = 0;
    for (const { id, read } of signals) {
      const written = read.promql(scope);
      const found = written === undefined ? [] : await prometheus.query(written, AT_SECONDS);
      const values = new Map(found.map(({ metric, value }) => [metric['instance'], rounded(value)]));
      for (const name of names) {
        const { now, before } = scrapesOf(name);
        const value = isByWords(id, name) ? undefined : rounded(read(now, before));
        if (value !== values.get(name)) different.push(`${id} of ${name}: ${value}, in PromQL ${values.get(name)}`);
        else if (value !== undefined) same += 1;
      }
    }
    expect(different).toEqual([]);
    expect(same).toBeGreaterThan(80);
  });

  test('exporters beside a service are read as their samples say, and each signal that has such a reading has one', async () => {
    for (const [at, { id, values }] of exporterSamples.entries()) {
      const signal = signals.find((each) => each.id === id);
      const scope = { windowSeconds: 4, where: `sample="${at}"`, quantities: { capacityPerSecond: 100 } };
      const written = signal && expressionOf(signal, scope);
      const found = await prometheus.query(written ?? '', AT_SECONDS);
      const read = found.map(({ value }) => Number(value.toPrecision(6))).toSorted((a, b) => a - b);
      expect({ id, read }).toEqual({ id, read: values });
    }
    const sampled = new Set(exporterSamples.map(({ id }) => id));
    expect(signals.filter(({ id, exported }) => exported !== undefined && !sampled.has(id))).toEqual([]);
  });
});

const rounded = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : Number(value.toPrecision(5));
