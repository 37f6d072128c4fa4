import { join } from 'node:path';
import { reportError } from '../../../bin/terminal.ts';
import { say } from '../say.ts';
import { ms, table } from '../table.ts';
import { type Load, type Loaded, type Practice, withPractice } from './loaded.ts';
import { measuredOn } from './machine-line.ts';

/** `npm run bench:caching`: hit ratio, evictions and stampedes of the sample service's cache, under one load each. */
interface Situation {
  readonly name: string;
  readonly title: string;
  /** Jobs that are read, each as often as the others. */
  readonly keys: number;
  readonly begin: (practice: Practice) => Promise<void>;
  /** Begun after the warm-up: a limit of memory counts the connections that watch, so they have to be there before. */
  readonly late?: true;
  /** How often each value expires in the load. */
  readonly expiries?: number;
}

const SECONDS = 10;
const RATE = 80;
const computing = { recompute_ms: 100 };

const situations: readonly Situation[] = [
  {
    name: 'fits',
    title: '240 values that live for a minute',
    keys: 240,
    begin: ({ on }) => on('cache-stampede', { every: 60, ...computing }),
  },
  {
    name: 'rarely-read',
    title: 'the same, 1,000 values',
    keys: 1_000,
    begin: ({ on }) => on('cache-stampede', { every: 60, ...computing }),
  },
  {
    name: 'too-small',
    title: "240 values, emptied before, and 64 kB for them and the server's own buffers (LRU)",
    keys: 240,
    begin: ({ on }) => on('cache-too-small', { size_kb: 64, ...computing }),
    late: true,
  },
  {
    name: 'stampede',
    title: '4 values that expire together every two seconds',
    keys: 4,
    begin: ({ on }) => on('cache-stampede', { every: 2, ...computing }),
    expiries: SECONDS / 2,
  },
];

const hitRatio = ({ hits, misses }: Loaded): string => `${((hits / (hits + misses)) * 100).toFixed(1)} %`;

function rowOf({ title, keys, expiries }: Situation, loaded: Loaded): string[] {
  const { hits, misses, evictions, recomputed, p50Us, p95Us } = loaded;
  const once = expiries === undefined ? undefined : keys * expiries;
  return [
    title,
    `${hits + misses}`,
    hitRatio(loaded),
    `${evictions}`,
    once === undefined ? `${recomputed}` : `${recomputed} (${(recomputed / once).toFixed(1)} a value and expiry)`,
    ms(p50Us),
    ms(p95Us),
  ];
}

async function load({ name, keys, begin, late }: Situation): Promise<Loaded> {
  const steps: Load['steps'] = [{ get: `/api/jobs/{{ $randomInt(1, ${keys}) }}`, name: 'read a job' }];
  let loaded: Loaded | undefined;
  await withPractice(join('runs', 'caching', name), async (practice) => {
    if (late === undefined) await begin(practice);
    const prepare = async (): Promise<void> => (late === undefined ? undefined : await begin(practice));
    loaded = await practice.load({ name: 'load', steps, rate: RATE, seconds: SECONDS, prepare });
  });
  if (loaded === undefined) throw new Error(`${name} was not measured`);
  return loaded;
}

try {
  const rows: string[][] = [];
  for (const situation of situations) {
    say(situation.title);
    rows.push(rowOf(situation, await load(situation)));
  }
  const head = ['', 'reads', 'hit ratio', 'evictions', 'computed anew', 'p50 ms', 'p95 ms'];
  process.stdout.write(`${measuredOn('npm run bench:caching')}\n\n${table(head, rows)}\n`);
} catch (error) {
  process.exitCode = reportError(error);
}
