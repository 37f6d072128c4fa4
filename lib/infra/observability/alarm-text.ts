import type { CloudAlarm } from '../../signals/cloudwatch/cloud.ts';
import type { Signal } from '../../signals/signal.ts';
import { shownLimit, shownUnit } from './metric.ts';

/** Where they are in the repository that the alarms come from. */
const RUNBOOKS = 'docs/runbooks';

/** What stands in the alarm's e-mail: when it speaks, what it means, where to look first, and the runbook. CloudWatch takes 1024 characters. */
export function alarmText(signal: Signal, alarm: CloudAlarm, runbooks = RUNBOOKS): string {
  const { limit, forMinutes, ofMinutes } = alarm;
  const side = 'above' in limit ? 'above' : 'below';
  const bound = `${shownLimit(limit, signal.unit)} ${shownUnit(signal.unit)}`.trim();
  const when = `${signal.title} ${side} ${bound} in ${forMinutes} of ${ofMinutes} minutes.`;
  return [when, alarm.meaning, ...looks(alarm.lookAt), runbook(runbooks, alarm.id)].join('\n');
}

/** The alarm above all that users feel. */
export const compositeText = (runbooks = RUNBOOKS): string =>
  [
    'At least one thing that users feel is out of bounds: errors, slowness, or no healthy target.',
    ...looks([
      'Which of the alarms below this one is on, and since when?',
      'Did a deployment, a scaling event or a load test begin at the same minute?',
      'Which cause alarms are on? The resources dashboard shows them side by side.',
    ]),
    runbook(runbooks, 'users-are-hurt'),
  ].join('\n');

const looks = (lines: readonly string[]): string[] => ['Look at:', ...lines.map((line, i) => `${i + 1}. ${line}`)];

const runbook = (base: string, id: string): string => `Runbook: ${base}/${id}.md`;
