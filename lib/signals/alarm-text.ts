import type { CloudAlarm } from './cloudwatch/cloud.ts';
import { shownLimit, shownUnit } from './shown.ts';
import type { Signal } from './signal.ts';

/** Where runbooks are in the repository that the alarms come from. */
export const RUNBOOKS_FOLDER = 'docs/runbooks';

/** The alarm above all that users feel, those of severity `page`: one trouble pages once. */
export const USERS_ARE_HURT = {
  id: 'users-are-hurt',
  meaning: 'At least one thing that users feel is out of bounds: errors, slowness, or no healthy target.',
  lookAt: [
    'Which of the alarms below this one is on, and since when?',
    'Did a deployment, a scaling event or a load test begin at the same minute?',
    'Which cause alarms are on? The resources dashboard shows them side by side.',
  ],
} as const;

/** When it speaks: `Service CPU above 85 % in 5 of 5 minutes.` `readings` names them where one is not a minute. */
export function alarmCondition(
  { title, unit }: Signal,
  { limit, forMinutes, ofMinutes }: CloudAlarm,
  readings = 'minutes',
): string {
  const bound = `${shownLimit(limit, unit)} ${shownUnit(unit)}`.trim();
  return `${title} ${'above' in limit ? 'above' : 'below'} ${bound} in ${forMinutes} of ${ofMinutes} ${readings}.`;
}

/** What it means, and where to look first. */
export const alarmAdvice = ({
  meaning,
  lookAt,
}: Pick<CloudAlarm, 'meaning'> & { readonly lookAt: readonly string[] }) =>
  [meaning, 'Look at:', ...lookAt.map((line, i) => `${i + 1}. ${line}`)].join('\n');

export const runbookOf = (id: string, base: string = RUNBOOKS_FOLDER): string => `${base}/${id}.md`;
