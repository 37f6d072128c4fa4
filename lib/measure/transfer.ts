import { addHistogram, emptyHistogram, record, sumUs, withoutHistogram, type Histogram } from './histogram.ts';

/** How a connection came to be for a request, in µs; a stage that did not take place is left out, and the last may not have come to its end. */
export interface Opening {
  /** Of the host's name. */
  readonly lookupUs?: number;
  readonly connectUs?: number;
  readonly tlsUs?: number;
  /** Whether it carries requests now. */
  readonly ready: boolean;
}

/** What a request has moved, and how its time was spent beside waiting for the reply's first byte. */
export interface Transfer {
  /** Bytes of HTTP, before TLS: those that were handed to the connection once it was there. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Where a connection was opened for it. */
  readonly opening?: Opening | undefined;
  /** From the reply's first byte to its last; 0 where one read brought all of it. */
  readonly bodyUs: number;
}

/** The transfers of one step. */
export interface TransferCounts {
  bytesSent: number;
  bytesReceived: number;
  /** Requests for which a connection was opened. */
  opened: number;
  reused: number;
}

export const emptyTransfers = (): TransferCounts => ({ bytesSent: 0, bytesReceived: 0, opened: 0, reused: 0 });

export function addTransfers(into: TransferCounts, other: TransferCounts): void {
  into.bytesSent += other.bytesSent;
  into.bytesReceived += other.bytesReceived;
  into.opened += other.opened;
  into.reused += other.reused;
}

/** In the order in which a request goes through them. */
export const partNames = ['lookup', 'connect', 'tls', 'firstByte', 'body'] as const;

export type PartName = (typeof partNames)[number];

/**
 * The times of those requests that did more than wait on an open connection for a reply in one piece. Of all others, which are
 * most, the first byte is the whole service time, and nothing is recorded here. `whole` is the service time of those that are.
 */
export type PartTimes = Readonly<Record<PartName | 'whole', Histogram>>;

const NAMES = [...partNames, 'whole'] as const;

const perName = <T>(value: (name: PartName | 'whole') => T): Record<PartName | 'whole', T> =>
  Object.fromEntries(NAMES.map((name) => [name, value(name)])) as Record<PartName | 'whole', T>;

export const emptyParts = (): PartTimes => perName(emptyHistogram);

export const mapParts = <T>(parts: PartTimes, map: (histogram: Histogram) => T): Record<PartName | 'whole', T> =>
  perName((name) => map(parts[name]));

export const addParts = (into: PartTimes, other: PartTimes): void =>
  NAMES.forEach((name) => addHistogram(into[name], other[name]));

interface TransferRecord {
  readonly transfers: TransferCounts;
  parts?: PartTimes | undefined;
}

type TimedRecord = Readonly<TransferRecord> & { readonly serviceTime: Histogram };

/** Adds one request; `serviceUs` is undefined of one that was cut, which has no times. */
export function addTransfer(into: TransferRecord, transfer: Transfer | undefined, serviceUs: number | undefined): void {
  if (transfer === undefined) {
    // It went over no connection, or was not looked at: its time has no parts.
    if (serviceUs !== undefined) record((into.parts ??= emptyParts()).whole, serviceUs);
    return;
  }
  const { transfers } = into;
  const { opening, bodyUs } = transfer;
  transfers.bytesSent += transfer.bytesSent;
  transfers.bytesReceived += transfer.bytesReceived;
  if (opening === undefined) transfers.reused += 1;
  else transfers.opened += 1;
  if (serviceUs === undefined || (opening === undefined && bodyUs === 0)) return;
  recordParts((into.parts ??= emptyParts()), transfer, serviceUs);
}

function recordParts(parts: PartTimes, { opening, bodyUs }: Transfer, serviceUs: number): void {
  record(parts.whole, serviceUs);
  let leftUs = serviceUs - bodyUs;
  if (opening !== undefined) leftUs -= recordOpening(parts, opening, leftUs);
  if (opening?.ready !== false) record(parts.firstByte, leftUs);
  if (bodyUs > 0) record(parts.body, bodyUs);
}

/** Returns the time that it took. Where the connection did not come to be, that is all of it, and its last stage has what no other has. */
function recordOpening(parts: PartTimes, { lookupUs, connectUs, tlsUs, ready }: Opening, serviceUs: number): number {
  const stages = [
    [parts.lookup, lookupUs],
    [parts.connect, connectUs],
    [parts.tls, tlsUs],
  ] as const;
  let tookUs = 0;
  for (const [number, [histogram, us]] of stages.entries()) {
    if (us === undefined) continue;
    const isLast = stages.slice(number + 1).every(([, next]) => next === undefined);
    const own = isLast && !ready ? serviceUs - tookUs : us;
    record(histogram, own);
    tookUs += own;
  }
  return tookUs;
}

/**
 * The times of each part. `lookup`, `connect` and `tls` are of the connections that were opened, `firstByte` and `body` of every request that
 * had one. A request that failed or timed out ends in the part that it was in. The parts' sums are that of the service times.
 */
export function partsOf(times: TimedRecord): Record<PartName, Histogram> {
  const { whole, ...parts } = mapParts(times.parts ?? emptyParts(), (histogram) => histogram);
  const firstByte = withoutHistogram(times.serviceTime, whole);
  addHistogram(firstByte, parts.firstByte);
  const body = emptyHistogram();
  addHistogram(body, parts.body);
  // A reply that came whole took no time to come.
  if (firstByte.totalCount > body.totalCount) body.recordValueWithCount(0, firstByte.totalCount - body.totalCount);
  return { ...parts, firstByte, body };
}

/** Of each part the mean over all requests; together they are the mean service time, where all of it has parts. NaN where no request has ended. */
export function partMeans(times: TimedRecord): Record<PartName, number> {
  const parts = partsOf(times);
  const means = partNames.map((name) => [name, sumUs(parts[name]) / times.serviceTime.totalCount]);
  return Object.fromEntries(means) as Record<PartName, number>;
}
