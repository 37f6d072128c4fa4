import type { Experiment } from '../experiment.ts';

/** A cache in front of values that cost 300 ms each. */
export const cacheExperiments: readonly Experiment[] = [
  {
    fault: 'cache-outage',
    parameters: {},
    happens: 'Connections to the cache are cut, and new ones refused; every value is computed again at each reading.',
    why: 'A service that works without its cache works at the speed of what the cache was for.',
    signs: 'Errors of the cache, no hits, and the database with the reads that the cache had carried.',
    prevention: 'Short time-outs towards the cache, a database that bears the reads for a while, more than one node.',
  },
  {
    fault: 'cache-too-small',
    parameters: { size_kb: 16 },
    happens: 'The cache has room for 16 kB; what is read needs twice that.',
    why: 'Each new value pushes out another that will be read again: the cache is busy and useless.',
    signs: 'Evictions from the start, and a share of hits that stays low under steady load.',
    prevention: 'Size it by what is read in a time to live; watch evictions; cache smaller values.',
  },
  {
    fault: 'cache-stampede',
    parameters: { every: 0.5 },
    happens: 'All values expire together, twice a second, and every reader computes them anew.',
    why: 'Between the expiry and the first new value all readers miss, and compute the same.',
    signs: 'The share of hits falls in steps, and the database is asked in bursts.',
    prevention:
      'Spread times to live at random, let one reader compute while others wait or take the old value, fill before the peak.',
  },
];
