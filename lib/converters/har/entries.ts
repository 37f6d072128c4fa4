import { asDoubles, isExactNumber } from '../../document/exact-json.ts';
import { asList, asRecord, asText, type Draft } from '../../plan/draft.ts';
import type { LocatedDocument } from '../building/located-json.ts';
import type { Pair } from '../building/request.ts';

/** The reply to a recorded request, as far as it was recorded. */
export interface RecordedReply {
  /** 0: there was none. */
  readonly status: number;
  readonly headers: readonly Pair[];
  readonly mime: string;
  readonly text: string;
}

/** A recorded request. Times are in ms since 1970, and NaN where they were not recorded. */
export interface Entry {
  readonly line: number | undefined;
  readonly method: string;
  readonly url: URL;
  readonly page: string | undefined;
  readonly startMs: number;
  readonly endMs: number;
  readonly headers: readonly Pair[];
  readonly query: readonly Pair[];
  readonly postData: Draft | undefined;
  readonly reply: RecordedReply | undefined;
  readonly resourceType: string;
  readonly fromCache: boolean;
}

/** Replies are looked through for tokens, and longer ones are downloads. */
const LONGEST_REPLY = 2_000_000;

/** Every entry that has a URL, in the order in which the requests were begun. */
export function recordedEntries(document: LocatedDocument): { entries: Entry[]; unreadable: number } {
  const written = asList(asRecord(asRecord(document.value)['log'])['entries']);
  const entries = written.flatMap((each) => entryOf(asRecord(each), document.lineOf(each)) ?? []);
  const isTimed = entries.every(({ startMs }) => Number.isFinite(startMs));
  return {
    entries: isTimed ? entries.toSorted((a, b) => a.startMs - b.startMs) : entries,
    unreadable: written.length - entries.length,
  };
}

function entryOf(entry: Draft, line: number | undefined): Entry | undefined {
  const request = asRecord(entry['request']);
  const address = asText(request['url'])?.trim() ?? '';
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  const startMs = Date.parse(asText(entry['startedDateTime']) ?? '');
  const time = numberOf(entry['time']);
  const postData = asRecord(request['postData']);
  return {
    line,
    method: (asText(request['method']) ?? 'GET').toUpperCase(),
    url,
    page: asText(entry['pageref']),
    startMs,
    endMs: startMs + (time > 0 ? time : 0),
    headers: recordedPairs(request['headers']),
    query: queryOf(url, request),
    postData: Object.keys(postData).length === 0 ? undefined : postData,
    reply: replyOf(entry['response']),
    resourceType: (asText(entry['_resourceType']) ?? '').toLowerCase(),
    fromCache: asText(entry['_fromCache']) !== undefined || entry['_fetchedViaCache'] === true,
  };
}

function queryOf(url: URL, request: Draft): readonly Pair[] {
  if (url.search !== '') return [...url.searchParams];
  return recordedPairs(request['queryString']);
}

const numberOf = (written: unknown): number => {
  const value = asDoubles(written);
  return typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
};

export const recordedPairs = (written: unknown): Pair[] =>
  asList(written).flatMap((each): Pair[] => {
    const { name, value } = asRecord(each);
    return typeof name === 'string' && name !== '' ? [[name, textOf(value)]] : [];
  });

const textOf = (written: unknown): string => {
  const value = isExactNumber(written) ? written.rawJSON : written;
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';
};

function replyOf(written: unknown): RecordedReply | undefined {
  const response = asRecord(written);
  const status = numberOf(response['status']);
  if (!Number.isInteger(status)) return undefined;
  const content = asRecord(response['content']);
  return {
    status,
    headers: recordedPairs(response['headers']),
    mime: (asText(content['mimeType']) ?? '').split(';')[0]?.trim().toLowerCase() ?? '',
    text: contentText(content),
  };
}

function contentText(content: Draft): string {
  const text = asText(content['text']) ?? '';
  if (text.length > LONGEST_REPLY) return '';
  return asText(content['encoding'])?.toLowerCase() === 'base64' ? Buffer.from(text, 'base64').toString('utf8') : text;
}

export const headerOf = (headers: readonly Pair[], name: string): string | undefined =>
  headers.find(([each]) => each.toLowerCase() === name)?.[1];
