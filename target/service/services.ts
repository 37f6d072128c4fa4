import type { Cache } from './cache.ts';
import type { Database } from './database/database.ts';
import type { Metrics } from './metrics.ts';
import type { Provider } from './provider.ts';
import type { Tokens } from './tokens.ts';

/** What the routes work with. */
export interface Services {
  readonly database: Database;
  readonly cache: Cache;
  readonly provider: Provider;
  readonly metrics: Metrics;
  readonly tokens: Tokens;
}
