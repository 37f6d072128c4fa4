import { z } from 'zod';
import { awsCron, ianaTimezone } from './clock.ts';

const share = z.number().gt(0).max(1);

const tasks = z.strictObject({ min: z.int().min(1), max: z.int().min(1) });

/**
 * How a service scales, as written in config/scaling/<environment>.yaml by hand or by `plimsoll policy`. Every number that decides
 * when a task comes or goes stands there, with its reason beside it.
 */
export const scalingPolicySchema = z
  .strictObject({
    format: z.literal('plimsoll.scaling.v1'),
    measured: z
      .strictObject({
        run: z.string().min(1).describe('Id of the run of `plimsoll capacity`.'),
        capacityPerSecond: z
          .number()
          .positive()
          .describe('Requests a second that the most tasks carry with every objective held.'),
        perTask: z
          .strictObject({
            capacityPerSecond: z.number().positive().describe('Requests a second of one task.'),
            cpuRatio: share.exactOptional().describe('Mean CPU of the tasks at that load.'),
            startUpSeconds: z.number().positive().describe('From the decision until a new task answers.'),
          })
          .exactOptional()
          .describe('What one task carries: what `plimsoll simulate` builds on.'),
      })
      .optional()
      .describe(
        'Absent until `plimsoll policy` has filled it in from a search for the capacity; then the alarm near capacity exists too.',
      ),
    tasks: tasks.describe('Never fewer, never more.'),
    cpu: z
      .strictObject({
        targetRatio: share,
        everySeconds: z
          .literal([20, 60])
          .exactOptional()
          .describe('How often ECS publishes CPU; 20 is seen in a minute and costs a little, 60 is the default.'),
      })
      .describe('Target tracking on mean CPU of the tasks.'),
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
    predictive: z
      .strictObject({
        mode: z.enum(['forecast-only', 'scale']).describe('forecast-only shows what it would do: begin with it.'),
        bufferSeconds: z.int().min(0).max(3600).describe('Tasks are there so long before the hour they are for.'),
      })
      .exactOptional()
      .describe('Predictive scaling, from the traffic of up to 14 days; it only adds.'),
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
