import { formatBytes, formatMoment, formatNumber, formatRatio, formatSpan, formatUs, formatUsd } from '../units.ts';
import type { SignalUnit } from '../signals/signal.ts';

/** What may be missing: `null` in a summary, and `undefined` or NaN where a report was stored as JSON. */
export type Figure = number | null | undefined;

/** Stands where nothing was measured. */
export const MISSING = '–';

export const isPresent = (value: Figure): value is number => typeof value === 'number' && Number.isFinite(value);

const present = (format: (value: number) => string) => (value: Figure) => (isPresent(value) ? format(value) : MISSING);

export const showUs = present(formatUs);
export const showRatio = present(formatRatio);
export const showPerSecond = present((value) => `${formatNumber(value)}/s`);
export const showCount = present(formatNumber);
export const showSeconds = present((seconds) => (seconds === 0 ? '0 s' : formatSpan(seconds * 1e6)));

export const showUsd = present(formatUsd);
export const showBytes = present(formatBytes);

const BY_UNIT: Readonly<Record<SignalUnit, (value: Figure) => string>> = {
  ratio: showRatio,
  us: showUs,
  bytes: showBytes,
  perSecond: showPerSecond,
  count: showCount,
  moment: present(formatMoment),
};

export const showIn = (unit: SignalUnit, value: Figure): string => BY_UNIT[unit](value);

/** `2026-11-21T10:15:30.000Z` → `2026-11-21 10:15 UTC`; the text itself where it is no time. */
export function showTime(iso: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*Z$/.exec(iso);
  return match === null ? iso : `${match[1]} ${match[2]} UTC`;
}

/** Names come from users: a terminal must not obey them, and XML 1.0 can't hold them. Tabs and line ends become spaces. */
export const oneLine = (text: string): string =>
  text
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\p{Cc}|\p{Cs}|\u{FFFE}|\u{FFFF}/gu, '\u{FFFD}');

/**
 * The same text, in which no line breaks between a number and its unit: `0 %` at the end of one line and the beginning of the
 * next reads as two things. For what flows; a table's cells don't.
 */
export const unbroken = (text: string): string =>
  text.replaceAll(/(?<=\d) (?=(?:%|µs|ms|s|min|h|B|[KMGT]iB)(?![\w/]))/g, '\u{A0}');
