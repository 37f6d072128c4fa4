import { rate } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Committed transactions a second. */
export const databaseCommits: Signal = {
  id: 'database.commits',
  title: 'Transactions',
  unit: 'perSecond',
  kind: 'traffic',
  bottleneck: 'none',
  read: rate('pg_commits'),
};
