import type { CapacityFinding } from '../analysis/capacity/finding.ts';
import type { Capacity } from '../analysis/capacity/capacity.ts';
import { formatNumber, formatRatio } from '../units.ts';

/** A rate that was estimated: its interval says how far it may be off, so three digits are enough. */
export const showRate = (perSecond: number): string => formatNumber(Number(perSecond.toPrecision(3)));

/** `95 % sure: 294 to 303/s`; empty where there is no interval. */
export function intervalClause({ interval, confidence }: Capacity): string {
  if (interval === undefined) return '';
  return `${formatRatio(confidence)} sure: ${showRate(interval[0])} to ${showRate(interval[1])}/s`;
}

/** What the search says in one sentence, without its end. */
export function capacityClause(capacity: CapacityFinding): string {
  const { verdict, perSecond, objective, reason } = capacity;
  if (verdict === 'declining') return 'has no sustainable rate: it carries less the longer it works';
  const why = firstSentence(reason);
  if (perSecond === undefined) return `has no known capacity: ${why}`;
  const rate = `${showRate(perSecond)} ${capacity.arrivals === 'poisson' ? 'random' : 'evenly spaced'} arrivals/s`;
  const interval = intervalClause(capacity);
  const shown =
    interval === '' ? rate : `${rate} (${interval}${capacity.wide === true ? ', wider than was asked for' : ''})`;
  if (verdict === 'unknown') return `carries perhaps ${shown}, but the search is not sure: ${why}`;
  return `carries ${shown} within its objectives${objective === undefined ? '' : `; beyond that "${objective}" breaks first`}`;
}

/** As a clause; the section on the capacity has the rest. */
function firstSentence(text: string): string {
  const [first = ''] = text.split(/\.(?:\s|$)/);
  return `${first.charAt(0).toLowerCase()}${first.slice(1)}`;
}

/** How far a search has come, for a live view. */
export function searchedSoFar(capacity: Capacity): string {
  const { interval, perSecond } = capacity;
  if (interval !== undefined)
    return `capacity between ${showRate(interval[0])} and ${showRate(interval[1])} arrivals/s`;
  return perSecond === undefined ? 'nothing carried yet' : `carries ${showRate(perSecond)} arrivals/s and more`;
}
