import type { FastifyInstance } from 'fastify';
import type { Services } from '../services.ts';
import { authRoutes } from './auth.ts';
import { bidRoutes } from './bids.ts';
import { escrowRoutes } from './escrows.ts';
import { jobRoutes } from './jobs.ts';
import { observabilityRoutes } from './observability.ts';

/** Every group of endpoints; a new one is a file and its line here. */
export const routes: readonly ((app: FastifyInstance, services: Services) => void)[] = [
  observabilityRoutes,
  authRoutes,
  jobRoutes,
  bidRoutes,
  escrowRoutes,
];
