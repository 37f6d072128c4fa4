import { balancer } from './balancer.ts';
import { service } from './service.ts';
import { front } from './front.ts';
import { runtime } from './runtime.ts';
import { tasks } from './tasks.ts';
import { database } from './database.ts';
import { databaseAccess } from './database-access.ts';
import { databaseWork } from './database-work.ts';
import { cache } from './cache.ts';
import { downstream, pool } from './dependencies.ts';
import { generator } from './generator.ts';
import { host, instances } from './machines.ts';
import type { Signal } from './signal.ts';

/** Every signal, in the order in which reports show them. A new one is an entry in its resource's file. */
export const signals: readonly Signal[] = [
  ...host,
  ...balancer,
  ...front,
  ...service,
  ...tasks,
  ...runtime,
  ...instances,
  ...pool,
  ...database,
  ...databaseAccess,
  ...databaseWork,
  ...cache,
  ...downstream,
  ...generator,
];
