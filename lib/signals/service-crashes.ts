import { crashMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** Tasks whose main container ended by itself: a crash, or out of memory (R23, R109). */
export const serviceCrashes: Signal = {
  id: 'service.crashes',
  title: 'Task crashes',
  unit: 'count',
  kind: 'errors',
  bottleneck: 'service.memory',
  limit: { above: 0 },
  read: never,
  cloud: {
    reading: crashMetric('TriggeredRules', 'Sum'),
    drawn: { on: 'service', graph: 'Task crashes' },
    alarm: {
      id: 'task-crashes',
      severity: 'notice',
      limit: { above: 0 },
      forMinutes: 2,
      ofMinutes: 10,
      missing: 'notBreaching',
      meaning: 'Tasks end by themselves again and again: exceptions nobody caught, or memory that ran out.',
      lookAt: [
        "The stopped task's reason and exit code; 137 is out of memory (R109).",
        "The last lines of the stopped task's log stream.",
        'Did it begin with a deployment? Roll back to the task definition before it.',
      ],
    },
  },
};
