import type { Knee, KneeLoad } from '../../analysis/capacity/knee.ts';
import { formatNumber } from '../../units.ts';
import { showPerSecond } from '../numbers.ts';
import type { SectionOf } from './section.ts';

/** At which load response time, errors and throughput turned, a sentence each. */
export const kneeSection: SectionOf = ({ summary: { knee } }) => {
  if (knee === undefined) return undefined;
  const { upTo } = knee;
  const turned = TURNS.flatMap(([name, text]) => {
    const at = knee[name];
    return at === undefined ? [] : [{ text: `${text} ${loadText(knee, at)}` }];
  });
  return {
    id: 'knee',
    title: 'Where it turns',
    blocks:
      turned.length === 0
        ? [{ block: 'sentence', text: `Nothing turned up to ${loadText(knee, upTo)}.`, tone: 'quiet' }]
        : [
            { block: 'list', items: turned },
            { block: 'sentence', text: `The load went up to ${loadText(knee, upTo)}.`, tone: 'quiet' },
          ],
  };
};

const TURNS = [
  ['knee', 'Knee, where throughput for its response time is greatest:'],
  ['responseTime', 'Response time at least doubled from'],
  ['errors', 'More than 1 % failed from'],
  ['throughput', 'Throughput fell behind the load from'],
] as const;

const loadText = ({ loadIn }: Knee, { load, perSecond }: KneeLoad): string =>
  `${loadIn === 'users' ? `${formatNumber(Math.round(load))} users` : `${formatNumber(load)} arrivals/s`} (${showPerSecond(perSecond)})`;
