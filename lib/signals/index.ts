import { balancer } from './resources/balancer.ts';
import { service } from './resources/service.ts';
import { front } from './resources/front.ts';
import { runtime } from './resources/runtime.ts';
import { tasks } from './resources/tasks.ts';
import { database } from './resources/database.ts';
import { databaseAccess } from './resources/database-access.ts';
import { databaseWork } from './resources/database-work.ts';
import { cache } from './resources/cache.ts';
import { downstream } from './resources/downstream.ts';
import { pool } from './resources/pool.ts';
import { targets } from './resources/targets.ts';
import { generator } from './resources/generator.ts';
import { host, instances } from './resources/machines.ts';
import type { Signal } from './signal.ts';

/** Every signal, in the order in which reports show them. A new one is an entry in its resource's file. */
export const signals: readonly Signal[] = [
  ...host,
  ...balancer,
  ...targets,
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
