import { z } from 'zod';

const usd = z.number().positive().max(1e6);

/** What the system under test costs while it is loaded; no price list is asked, since only its owner knows what runs there. */
export const systemCostSchema = z
  .strictObject({
    usdPerHour: usd.optional().describe('All that runs whatever the load: database, cache, balancer, a fixed machine.'),
    usdPerTaskHour: usd.optional().describe('Each task of the service, × how many run by the signal service.tasks.'),
  })
  .refine((cost) => Object.keys(cost).length > 0, 'needs usdPerHour, usdPerTaskHour, or both')
  .meta({ id: 'cost', minProperties: 1, description: 'What the system under test costs, for comparisons of runs.' });

export type SystemCost = z.infer<typeof systemCostSchema>;

/** USD an hour with so many tasks on average; undefined where it can't be known. */
export function usdPerHourOf(cost: SystemCost | undefined, tasks: number | undefined): number | undefined {
  if (cost === undefined) return undefined;
  const { usdPerHour = 0, usdPerTaskHour } = cost;
  if (usdPerTaskHour === undefined) return usdPerHour;
  return tasks === undefined ? undefined : usdPerHour + usdPerTaskHour * tasks;
}
