import type { Experiment } from '../experiment.ts';

/** The database and the way to it. */
export const databaseExperiments: readonly Experiment[] = [
  {
    fault: 'db-pool-exhaust',
    parameters: { concurrent_queries: 4 },
    happens: 'Each listing of jobs runs four statements of a second at once, each on a connection of its own.',
    why: 'Twenty connections that are held for a second carry twenty such statements a second; all other requests wait for a connection first.',
    signs: 'The pool is full, requests wait and then get none; the database itself has nothing to do.',
    prevention:
      'One connection a request, short transactions, a time-out for the wait; then a larger pool or a pooler.',
  },
  {
    fault: 'connection-leak',
    parameters: { connections: 20 },
    happens: 'All twenty connections of the pool are taken and not given back.',
    why: 'A path that forgets to release, often the one of an error, empties the pool connection by connection.',
    signs: 'Connections stay in use without statements to show for it; every step that needs the database times out.',
    prevention:
      'Release in finally, or lend connections to functions only; a limit for idle transactions; an alarm on waits.',
  },
  {
    fault: 'expensive-query',
    parameters: { iterations: 3_000 },
    happens: 'Each search computes over three hundred thousand generated rows first.',
    why: 'A statement that computes for long takes a core of the database, and there are few of those.',
    signs: 'The mean time of statements goes up; the one with the largest total time is at the top of the list.',
    prevention: 'Read the plan, precompute, page; limits for statement time, so that one query cannot take all.',
  },
  {
    fault: 'missing-index',
    parameters: { rows: 1_000_000 },
    happens: 'Each listing of jobs looks a row up in a table of a million rows that has no index for it.',
    why: 'Without an index the whole table is read for one row; the time grows with the table, not with the result.',
    signs: 'Sequential scans and rows read far beyond rows returned; one statement with a high mean.',
    prevention: 'EXPLAIN for every new statement, on data of the size of production; an index before the deployment.',
  },
  {
    fault: 'n-plus-one',
    parameters: { rows: 300 },
    happens: 'Each listing of jobs asks once more for each of three hundred rows.',
    why: 'Each statement is fast and the sum of the round trips is not; the database sees many times the requests.',
    signs: 'One statement with a tiny mean and an enormous number of calls; the step is slow, the database busy.',
    prevention: 'Join, or ask for all rows at once (= ANY); count statements a request in tests.',
  },
  {
    fault: 'hot-row',
    parameters: { hold: 0.25 },
    happens: 'Each bid locks the same row for a quarter of a second.',
    why: 'Who holds a lock makes others wait in line: four a second get through, whatever hardware there is, and those in line hold connections.',
    signs: 'Sessions that wait for locks; the step that writes is slow first, then the pool runs out for all.',
    prevention:
      'Short transactions with the contended row last; counters in parts, or added up later; no calls elsewhere while a lock is held.',
  },
];
