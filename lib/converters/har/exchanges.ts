import { asList, asRecord, asText, type Draft } from '../../plan/draft.ts';
import type { HttpInput } from '../../plan/steps/schemas/request.ts';
import { bodyOfText, formDecoded, type Rewrite } from '../building/body.ts';
import { literal, wordsOf } from '../building/names.ts';
import type { Notes } from '../building/notes.ts';
import { type Pair, type PartInput, type RequestBody, scriptStep } from '../building/request.ts';
import type { Secrets } from '../building/secrets.ts';
import type { Correlation } from './correlation.ts';
import { type Entry, headerOf } from './entries.ts';

/** A recorded request as a step, with its place among those that are sent. */
export interface RecordedExchange {
  readonly entry: Entry;
  readonly number: number;
  readonly step: HttpInput;
  /** When this and all before it were answered, in ms since 1970. */
  readonly busyUntilMs: number;
}

interface Context {
  readonly notes: Notes;
  readonly secrets: Secrets;
  readonly correlation: Correlation;
  readonly target: string;
}

/** What a browser adds by itself, and what depends on its cache or on the recording's day. */
const NOISE =
  /^(?::.*|accept-language|accept-charset|cache-control|pragma|if-.*|sec-.*|user-agent|referer|origin|dnt|priority|upgrade-insecure-requests|purpose|x-requested-with-cache|x-client-data|x-forwarded-.*|x-real-ip|via|forwarded|proxy-.*|traceparent|tracestate|x-b3-.*|newrelic|range|cookie2?)$/i;

/** Makes steps of entries, one after another: each may need what the replies before it gave. */
export class ExchangeSteps {
  readonly files: Record<string, Uint8Array> = {};
  readonly #context: Context;
  #count = 0;
  #busyUntilMs = Number.NEGATIVE_INFINITY;

  constructor(context: Context) {
    this.#context = context;
  }

  exchangeOf(entry: Entry): RecordedExchange | undefined {
    const { correlation, notes } = this.#context;
    const number = this.#count;
    const values = new Set<string>();
    const rewrite: Rewrite = (name, value) => this.#rewritten(name, value, values);
    const step = scriptStep(
      {
        line: entry.line,
        method: entry.method,
        address: this.#address(entry, rewrite),
        query: entry.query.map(([name, value]) => [literal(name), rewrite(name, value)]),
        headers: [...this.#headers(entry, rewrite), ...typeOf(entry)],
        body: this.#body(entry, rewrite),
        expect: { status: expectedStatus(entry) },
      },
      notes,
    );
    if (step === undefined) return undefined;
    correlation.learnSent(values);
    if (entry.reply !== undefined) correlation.learnReply(number, entry.reply);
    this.#count += 1;
    if (Number.isFinite(entry.endMs)) this.#busyUntilMs = Math.max(this.#busyUntilMs, entry.endMs);
    return { entry, number, step, busyUntilMs: this.#busyUntilMs };
  }

  /** A value of a reply before becomes its variable, a secret its environment variable. */
  #rewritten(name: string, value: string, values: Set<string>, hint = name): string {
    const { correlation, secrets } = this.#context;
    const variable = correlation.variableFor(value, this.#count, hint);
    if (variable !== undefined) return `{{ ${variable} }}`;
    values.add(value);
    return secrets.hideIfSecret(name, value) ?? literal(value);
  }

  #address({ url }: Entry, rewrite: Rewrite): string {
    const { correlation, target } = this.#context;
    const link = [url.href, url.pathname + url.search].map((each) =>
      correlation.variableFor(each, this.#count, 'location'),
    );
    const whole = link.find((each) => each !== undefined);
    if (whole !== undefined) return `{{ ${whole} }}`;
    const segments = url.pathname.replaceAll(/;(?:jsessionid|sid|phpsessid)=[^/;]*/gi, '').split('/');
    const path = segments.map((segment, at) => this.#segment(segment, segments[at - 1] ?? '', rewrite)).join('/');
    return url.origin === target || url.hostname === new URL(target).hostname ? path : url.origin + path;
  }

  #segment(segment: string, before: string, rewrite: Rewrite): string {
    if (segment === '') return segment;
    const resource = wordsOf(before)
      .join('_')
      .replace(/ies$/, 'y')
      .replace(/(?<!s)s$/, '');
    const variable = this.#context.correlation.variableFor(
      decoded(segment),
      this.#count,
      resource === '' ? 'id' : `${resource}_id`,
    );
    return variable === undefined ? rewrite('', segment) : `{{ ${variable} }}`;
  }

  #headers({ headers }: Entry, rewrite: Rewrite): Pair[] {
    this.#context.correlation.learnCookies((headerOf(headers, 'cookie') ?? '').split(';'), this.#count);
    return headers
      .filter(([name, value]) => !NOISE.test(name) && !(/^accept$/i.test(name) && /\*\/\*|html/.test(value)))
      .map(([name, value]): Pair => {
        if (!/authorization$/i.test(name)) return [name.toLowerCase(), rewrite(name, value)];
        return [name.toLowerCase(), this.#credentials(name, value)];
      });
  }

  /** `Bearer abc`, where a reply may have given `abc`. */
  #credentials(name: string, value: string): string {
    const [, scheme = '', token = ''] = /^(\S+\s+)?(\S+)$/.exec(value) ?? [];
    const variable = this.#context.correlation.variableFor(token, this.#count, 'token');
    return variable === undefined ? this.#context.secrets.hideCredentials(name, value) : `${scheme}{{ ${variable} }}`;
  }

  #body(entry: Entry, rewrite: Rewrite): RequestBody | undefined {
    const { postData } = entry;
    if (postData === undefined) return undefined;
    const type = asText(postData['mimeType']) || (headerOf(entry.headers, 'content-type') ?? '');
    const text = asText(postData['text']) ?? '';
    // Of an empty body some recorders make a field without a name.
    const params = asList(postData['params'])
      .map(asRecord)
      .filter(({ name, value }) => asText(name) || asText(value));
    if (/multipart/i.test(type)) return this.#multipart(entry, params, text, rewrite);
    if (text === '') return params.length === 0 ? undefined : { form: params.map((each) => field(each, rewrite)) };
    const encoding = asText(postData['encoding']) ?? asText(postData['_encoding']);
    if (encoding === 'base64' || isBinary(text))
      return { file: this.#file(Buffer.from(text, encoding === 'base64' ? 'base64' : 'latin1')) };
    return bodyOfText(text, type, rewrite);
  }

  #multipart(entry: Entry, params: readonly Draft[], text: string, rewrite: Rewrite): RequestBody | undefined {
    if (params.length > 0) return { multipart: params.map((each) => this.#part(each, rewrite)) };
    const parts = partsIn(text);
    if (parts.length === 0)
      this.#context.notes.leftOut(entry.line, 'the recording has none of the fields of a multipart form');
    return parts.length === 0 ? undefined : { multipart: parts.map((each) => this.#part(each, rewrite)) };
  }

  #part(param: Draft, rewrite: Rewrite): [string, PartInput] {
    const [name, value] = field(param, rewrite);
    const filename = asText(param['fileName']);
    if (filename === undefined || filename === '') return [name, value];
    const type = asText(param['contentType']);
    const file = this.#file(Buffer.from(asText(param['value']) ?? '', 'latin1'));
    return [
      name,
      { file, filename: literal(filename), ...(type !== undefined && /^[\w.+-]+\/[\w.+-]+$/.test(type) && { type }) },
    ];
  }

  /** A file beside the plan, by the name under which the plan has it. */
  #file(bytes: Uint8Array): string {
    const name = `body-${Object.keys(this.files).length + 1}.bin`;
    this.files[name] = bytes;
    return name;
  }
}

/** Some recordings have the body's type beside the body alone. */
function typeOf({ headers, postData }: Entry): Pair[] {
  const type = asText(postData?.['mimeType']) ?? '';
  return type === '' || headerOf(headers, 'content-type') !== undefined ? [] : [['content-type', literal(type)]];
}

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

/** Bytes that were written as text, with no hope of getting them back whole. */
const isBinary = (text: string): boolean => /(?![\t\n\v\f\r])\p{Cc}/u.test(text.slice(0, 10_000));

/** Browsers record the values of a form as they were sent. */
function field({ name, value }: Draft, rewrite: Rewrite): Pair {
  const [key, text] = [name, value].map((each) => asText(each) ?? '');
  return [literal(unquoted(key ?? '')), rewrite(key ?? '', unquoted(text ?? ''))];
}

const unquoted = (text: string): string => (/%[\da-f]{2}/i.test(text) ? formDecoded(text) : text);

/** RFC 7578: the parts of a form that was recorded as text. */
const partsIn = (text: string): Draft[] => {
  const boundary = /^--(\S+)/.exec(text)?.[1];
  if (boundary === undefined) return [];
  return text.split(`--${boundary}`).flatMap((part): Draft[] => {
    const [, head = '', value = ''] = /^\r?\n([^]*?)\r?\n\r?\n([^]*?)\r?\n?$/.exec(part) ?? [];
    const name = /\bname="([^"]*)"/i.exec(head)?.[1];
    const fileName = /\bfilename="([^"]*)"/i.exec(head)?.[1];
    const contentType = /content-type:\s*(\S+)/i.exec(head)?.[1];
    return name === undefined ? [] : [{ name, value, fileName, contentType }];
  });
};

/** Of a page that the browser had already, the server said 304: a plan's user has nothing yet. */
function expectedStatus({ reply }: Entry): string | undefined {
  const status = reply?.status ?? 0;
  if (status < 100 || status > 599) return undefined;
  return status === 304 ? '2xx' : `${String(status)[0]}xx`;
}
