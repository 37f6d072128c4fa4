import { join } from 'node:path';
import { reportError } from '../../../bin/terminal.ts';
import { ms, table } from '../table.ts';
import { say } from '../say.ts';
import { type Load, type Loaded, type Practice, withPractice } from './loaded.ts';
import { measuredOn, timesLess } from './machine-line.ts';

/** `npm run bench:optimise`: three optimisations of the sample service, carried out; the same load before and after each. */
interface Optimisation {
  readonly name: string;
  readonly title: string;
  readonly load: Omit<Load, 'name' | 'seconds'>;
  readonly before: (practice: Practice) => Promise<unknown>;
  readonly after: (practice: Practice) => Promise<unknown>;
}

const SECONDS = 10;
/** What a value costs that is not in the cache, in both runs. */
const computing = { recompute_ms: 40 };
const listJobs: Load['steps'] = [
  {
    get: '/api/jobs',
    name: 'list jobs',
    query: { city: 'Leeds', limit: 20 },
    headers: { authorization: 'Bearer {{ token }}' },
  },
];

const optimisations: readonly Optimisation[] = [
  {
    name: 'index',
    title: 'an index for a look-up in 500,000 rows',
    load: { steps: listJobs, rate: 10 },
    before: ({ on }) => on('missing-index', { rows: 500_000 }),
    after: ({ sql }) => sql.query('CREATE INDEX lab_visits_visitor ON lab_visits (visitor)'),
  },
  {
    name: 'cache',
    title: 'a cache for a value that takes 40 ms to compute',
    load: { steps: [{ get: '/api/jobs/{{ $randomInt(1, 60) }}', name: 'read a job' }], rate: 40 },
    before: ({ on }) => on('cache-outage', computing),
    // Values live for a minute; a miss costs what it has cost before.
    after: ({ on, allOff }) => allOff().then(() => on('cache-stampede', { every: 60, ...computing })),
  },
  {
    name: 'hashing',
    title: 'a token that was signed at login, instead of a password hashed in each request',
    load: { steps: listJobs, rate: 3 },
    before: ({ on }) => on('crypto-pool', { hashes: 1 }),
    after: ({ allOff }) => allOff(),
  },
];

async function carryOut({ name, load, before, after }: Optimisation): Promise<readonly [Loaded, Loaded]> {
  const results: Loaded[] = [];
  await withPractice(join('runs', 'optimise', name), async (practice) => {
    await before(practice);
    results.push(await practice.load({ ...load, name: 'before', seconds: SECONDS }));
    await after(practice);
    results.push(await practice.load({ ...load, name: 'after', seconds: SECONDS }));
  });
  const [first, second] = results;
  if (first === undefined || second === undefined) throw new Error(`${name} was not measured`);
  return [first, second];
}

const perRequest = (value: number): string => ms(value * 1000);

function rowsOf(title: string, [before, after]: readonly [Loaded, Loaded]): string[][] {
  const row = (when: string, { perSecond, p50Us, p95Us, serviceCpuMs, databaseMs }: Loaded): string[] => [
    when,
    perSecond.toFixed(1),
    ms(p50Us),
    ms(p95Us),
    perRequest(serviceCpuMs),
    perRequest(databaseMs),
  ];
  const less = (of: (loaded: Loaded) => number): string => timesLess(of(before), of(after));
  return [
    row(`${title}: before`, before),
    row('after', after),
    [
      '**before ÷ after**',
      '',
      less(({ p50Us }) => p50Us),
      less(({ p95Us }) => p95Us),
      less(({ serviceCpuMs }) => serviceCpuMs),
      less(({ databaseMs }) => databaseMs),
    ],
  ];
}

try {
  const rows: string[][] = [];
  for (const optimisation of optimisations) {
    say(`${optimisation.name}: ${optimisation.title}`);
    rows.push(...rowsOf(optimisation.title, await carryOut(optimisation)));
  }
  const head = [
    '',
    'carried/s',
    'p50 ms',
    'p95 ms',
    'CPU of the service, ms a request',
    'in the database, ms a request',
  ];
  process.stdout.write(`${measuredOn('npm run bench:optimise')}\n\n${table(head, rows)}\n`);
} catch (error) {
  process.exitCode = reportError(error);
}
