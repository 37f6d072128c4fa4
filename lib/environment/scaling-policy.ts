import { z } from 'zod';
import { awsCron, ianaTimezone } from './clock.ts';

const share = z.number().gt(0).max(1);

const tasks = z.strictObject({ min: z.int().min(1), max: z.int().min(1) });

/**
 * How a service scales, as written in config/scaling/<environment>.yaml by hand or by a capacity run. Every number that decides
 * when a task comes or goes stands there, with its reason beside it.
 */
export const scalingPolicySchema = z
  .strictObject({
    format: z.literal('plimsoll.scaling.v1'),
    measured: z
      .strictObject({
        run: z.string().min(1).describe('Id of the capacity run.'),
        capacityPerSecond: z
          .number()
          .positive()
          .describe('Highest load at which every objective held, with maximum tasks.'),
      })
      .optional()
      .describe('Absent until a capacity run has measured it; then the alarm near capacity exists too.'),
    tasks: tasks.describe('Never fewer, never more.'),
    cpu: z.strictObject({ targetRatio: share }).describe('Target tracking on mean CPU of the tasks.'),
    memory: z.strictObject({ targetRatio: share }).describe('Target tracking on mean memory of the tasks.'),
    requests: z
      .strictObject({ targetPerMinute: z.number().positive() })
      .describe('Target tracking on requests a minute and task.'),
    cooldown: z
      .strictObject({
        outSeconds: z.int().min(0).describe('After adding tasks, before adding more.'),
        inSeconds: z.int().min(0).describe('After taking tasks away, before taking more.'),
      })
      .describe('Keeps tasks from coming and going in turns.'),
    jump: z
      .strictObject({
        steps: z
          .array(
            z.strictObject({
              cpuRatio: share.describe('From this mean CPU on …'),
              addShare: z.number().gt(0).max(3).describe('… add this share of the running tasks at once.'),
            }),
          )
          .min(2, { error: 'needs two steps at least; one is what target tracking does already' }),
      })
      .optional()
      .describe('Step scaling for sudden jumps, which target tracking would follow too slowly.'),
    schedule: z
      .array(
        z.strictObject({
          name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'is no name; write small letters, digits and -'),
          cron: awsCron,
          timezone: ianaTimezone,
          ...tasks.shape,
        }),
      )
      .describe('From each moment on, other bounds.'),
  })
  .meta({ title: 'Plimsoll scaling policy' });

export type ScalingPolicy = z.infer<typeof scalingPolicySchema>;
