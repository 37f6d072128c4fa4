import { formatNumber, formatRatio, formatUs } from '../units.ts';
import type { SignalUnit } from './signal.ts';

/** A signal's value for people, in its unit. */
export function formatSignal(value: number, unit: SignalUnit): string {
  switch (unit) {
    case 'ratio':
      return formatRatio(value);
    case 'us':
      return formatUs(value);
    case 'bytes':
      return `${formatNumber(value / 2 ** 20)} MiB`;
    case 'perSecond':
      return `${formatNumber(value)}/s`;
    case 'count':
      return formatNumber(value);
  }
}
