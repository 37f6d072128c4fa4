import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { hypotheses } from '../lib/analysis/diagnosis/index.ts';
import { remedyPageOf } from '../lib/report/remedy-pages.ts';
import { signals } from '../lib/signals/index.ts';
import type { BottleneckId } from '../lib/signals/signal.ts';
import { faults } from '../target/faults/index.ts';

/** As GitHub makes the anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .trim()
    .replaceAll(/\s/g, '-');

/** The text below a heading, up to the next one of its kind. */
function sectionAt(link: string): string | undefined {
  const [path = '', anchor] = link.split('#');
  const [, ...sections] = readFileSync(path, 'utf8').split(/^## /m);
  return sections.find((text) => anchorOf(text.split('\n')[0] ?? '') === anchor);
}

/** Rows of a table whose second column is a change. */
const rowsOf = (section: string): string[] => section.match(/^\| (?!seen|symptom)[^|]+ \| [^|]+ \|$/gm) ?? [];

const named = [
  ...hypotheses.map(({ accuses }) => accuses),
  ...signals.flatMap(({ accuses }) => accuses ?? []),
  ...faults.map(({ bottleneck }) => bottleneck as BottleneckId),
  'unknown',
] as const;

describe.each([...new Set(named)].filter((id) => id !== 'none'))('%s', (id) => {
  test('has a section of docs/remedies with what may be seen and which change is usual', () => {
    const section = sectionAt(remedyPageOf(id) ?? '');
    expect(section).toBeDefined();
    expect(rowsOf(section ?? '').length).toBeGreaterThanOrEqual(2);
  });

  test('stands in the table of docs/remedies', () => {
    expect(readFileSync('docs/remedies/README.md', 'utf8').split('## ')[0]).toContain(`\`${id}\``);
  });
});

test('where nothing gave way there is no page', () => expect(remedyPageOf('none')).toBeUndefined());

test.each([
  // What the staging test plan and the guide ask each page to say
  [
    'postgresql.md',
    ['pg_stat_statements', 'CREATE INDEX CONCURRENTLY', 'max_connections', 'shared_buffers', 'PgBouncer', 'replicas'],
  ],
  ['node.md', ['--cpu-prof', 'cache', 'worker thread', 'heapsnapshot', 'UV_THREADPOOL_SIZE']],
  [
    'redis.md',
    ['keyspace_(hits|misses)', 'DBSIZE', 'time to live', 'filled before the peak', 'keys that never repeat'],
  ],
  ['ecs.md', ['2048 to 3072 MB', 'a smaller pool', 'exit code 137']],
])('%s names what to look at, and each change that is asked for', (page, words) => {
  const text = readFileSync(`docs/remedies/${page}`, 'utf8');
  expect(words.filter((word) => !text.includes(word))).toEqual([]);
});
