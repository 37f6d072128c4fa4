import { hostAndPort } from './address.ts';
import type { Histogram } from '../measure/histogram.ts';
import type { Family, FamilyReading } from './families.ts';
import { familyReadings } from './families.ts';
import { hundredths } from './hundredths.ts';
import type { Encoder, Message, Output } from './output.ts';

/** StatsD's own protocol over UDP: names with dots and no tags, which every daemon of the kind reads. */
export const statsd: Output = {
  kind: 'statsd',
  example: 'statsd=127.0.0.1:8125',
  usual: '127.0.0.1:8125',
  open: ({ text }) => {
    const to = hostAndPort(text);
    return to === undefined ? 'is no host with a port' : { destination: { by: 'udp', ...to }, encoder: datagrams };
  },
};

const datagrams: Encoder = {
  second: (live) =>
    packed(familyReadings(live, live.interval).flatMap(([family, reading]) => linesOf(family, reading))),
};

function linesOf({ name, kind }: Family, { labels, value }: FamilyReading): string[] {
  // It says which run is under way, and a name made of run and plan would be a new metric each time.
  if (name === 'run_info') return [];
  const path = ['plimsoll', name, ...Object.values(labels).map(namePart)].join('.');
  if (typeof value !== 'number') return timersOf(path, value);
  if (kind === 'counter') return value === 0 ? [] : [`${path}:${value}|c`];
  if (!Number.isFinite(value)) return [];
  // A sign would make it a change of the gauge, so what is below 0 is reached from there.
  return value < 0 ? [`${path}:0|g`, `${path}:${value}|g`] : [`${path}:${value}|g`];
}

/**
 * Milliseconds, a hundred a second at the most, which have the percentiles of all; the sample rate says for how many each stands,
 * so that daemons that weigh them count all.
 */
function timersOf(path: string, histogram: Histogram): string[] {
  const times = hundredths(histogram);
  const rate = times.length / histogram.totalCount;
  const suffix = rate < 1 ? `|@${rate}` : '';
  return times.map((us) => `${path}:${us / 1000}|ms${suffix}`);
}

/** Dots part names, and colon, bar and at sign end them. */
const namePart = (text: string): string => text.replaceAll(/[^\p{L}\p{N}_-]/gu, '_') || '_';

/** Fits an Ethernet frame with the headers of IP and UDP, IPv6's too. */
const MOST_BYTES = 1432;

/** Lines in as few datagrams as there need be. */
function packed(lines: readonly string[]): Message[] {
  const messages: string[] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    const length = Buffer.byteLength(line) + 1;
    if (bytes + length > MOST_BYTES) {
      messages.push(line);
      bytes = length;
    } else {
      messages.push(`${messages.pop() ?? ''}\n${line}`);
      bytes += length;
    }
  }
  return messages;
}
