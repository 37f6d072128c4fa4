import { isExactNumber } from '../../document/exact-json.ts';
import type { HttpInput } from '../../plan/steps/schemas/request.ts';
import { fieldRegex, plainJson } from '../building/body.ts';
import { UniqueNames, variableNameOf, wordsOf } from '../building/names.ts';
import type { Pair } from '../building/request.ts';
import { isSecretName, isSecretValue } from '../building/secrets.ts';
import type { RecordedReply } from './entries.ts';

type CaptureInput = NonNullable<HttpInput['capture']>[string];

/** A value that a reply gave. */
interface Source {
  readonly exchange: number;
  readonly name: string;
  readonly capture: CaptureInput;
  /** Once it is used. */
  variable?: string;
}

/** Values of a reply beyond this are lists of data. */
const MOST_SOURCES = 20_000;

/**
 * Finds values of requests that an earlier reply gave and no request before it had: tokens, ids, links. Each becomes a capture at the
 * exchange (counted from 0) whose reply gave it first.
 */
export class Correlation {
  readonly #sources = new Map<string, Source>();
  readonly #sent = new Set<string>();
  readonly #names = new UniqueNames('_');
  readonly #cookies = new Map<string, number>();
  readonly captures = new Map<number, Record<string, CaptureInput>>();
  /** Exchanges that need what an earlier one gave. */
  readonly links: { readonly from: number; readonly to: number }[] = [];

  /** The name of the variable that holds the value in exchange `to`; undefined where no reply gave it. `hint` names it where its own name says nothing. */
  variableFor(value: string, to: number, hint: string): string | undefined {
    const source = this.#sources.get(value);
    if (source === undefined || this.#sent.has(value)) return undefined;
    this.links.push({ from: source.exchange, to });
    source.variable ??= this.#capture(source, hint);
    return source.variable;
  }

  #capture(source: Source, hint: string): string {
    const isVague = /^(?:id|key|value|code|name|content|location|_id)$/i.test(source.name);
    const name = this.#names.of(variableNameOf(isVague && hint !== '' ? hint : source.name));
    const captures = this.captures.get(source.exchange) ?? {};
    this.captures.set(source.exchange, { ...captures, [name]: source.capture });
    return name;
  }

  /** A request was recorded with these values; what a reply gives after it is an echo. */
  learnSent(values: Iterable<string>): void {
    for (const value of values) if (!this.#sources.has(value)) this.#sent.add(value);
  }

  learnReply(exchange: number, { text, mime, headers }: RecordedReply): void {
    for (const source of [...jsonSources(text, mime), ...markupSources(text, mime), ...headerSources(headers)])
      if (!this.#sources.has(source.value) && this.#sources.size < MOST_SOURCES)
        this.#sources.set(source.value, { exchange, name: source.name, capture: source.capture });
    for (const [, cookie] of headers.filter(([name]) => name.toLowerCase() === 'set-cookie'))
      for (const each of cookie.split('\n')) this.#cookies.set(each.split(';')[0]?.trim() ?? '', exchange);
  }

  /** `cookies`: of the request, each as name=value. */
  learnCookies(cookies: readonly string[], to: number): void {
    for (const cookie of cookies) {
      const from = this.#cookies.get(cookie.trim());
      if (from !== undefined) this.links.push({ from, to });
    }
  }
}

interface Found {
  readonly value: string;
  readonly name: string;
  readonly capture: CaptureInput;
}

/** Names whose values stand for something that a server has made. */
const isIdName = (name: string): boolean => {
  const last = wordsOf(name).at(-1) ?? '';
  return (
    /^(?:id|uuid|guid|key|slug|number|no|ref|reference|code|hash|nonce|cursor|state|ticket)$/.test(last) ||
    /id$/i.test(name) ||
    isSecretName(name)
  );
};

/** Whether a value that a reply gives and a later request has is one that had to come from there. */
function isToken(name: string, value: string): boolean {
  if (value.length > 4096 || /\s/.test(value) || /^\d{4}-\d\d(?:-\d\d|$)/.test(value)) return false;
  if (isIdName(name)) return value.length >= 3 || /^\d{2}$/.test(value);
  return (
    isSecretValue(value) ||
    (value.length >= 8 && /\d/.test(value) && !/^[\d.,:/-]+$/.test(value)) ||
    (value.length >= 20 && /^[\w.~+/=-]+$/.test(value))
  );
}

function jsonSources(text: string, mime: string): Found[] {
  if (!/json|^$|text\/plain/.test(mime) && !/^\s*[[{]/.test(text)) return [];
  const json = plainJson(text);
  const found: Found[] = [];
  const visit = (value: unknown, path: string, name: string): void => {
    if (Array.isArray(value)) return value.forEach((item, at) => visit(item, `${path}[${at}]`, name));
    if (typeof value === 'object' && value !== null && !isExactNumber(value))
      return Object.entries(value).forEach(([key, item]) => visit(item, `${path}${member(key)}`, key));
    if (typeof value !== 'string' && typeof value !== 'number') return undefined;
    if (isToken(name, String(value))) found.push({ value: String(value), name, capture: path });
    return undefined;
  };
  if (json !== undefined) visit(json.value, '$', '');
  return found;
}

/** RFC 9535 §2.5.1: a name that needs no quotes, else one in quotes. */
const member = (key: string): string =>
  /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `['${key.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}']`;

/** Hidden fields and meta elements of a page. */
function markupSources(text: string, mime: string): Found[] {
  if (!/html|xml/.test(mime)) return [];
  const tags = [...text.matchAll(/<(input|meta)\s[^>]{1,2000}>/gi)];
  return tags.flatMap(([tag, element = '']) => {
    const attribute = /^input$/i.test(element) ? 'value' : 'content';
    const name = attributeOf(tag, 'name');
    const value = attributeOf(tag, attribute);
    if (name === undefined || value === undefined || value.length < 6 || /[&\s]/.test(value)) return [];
    return [{ value, name, capture: { regex: fieldRegex(element.toLowerCase(), name, attribute) } }];
  });
}

const attributeOf = (tag: string, attribute: string): string | undefined =>
  new RegExp(`\\s${attribute}=["']([^"']*)["']`, 'i').exec(tag)?.[1];

/** The address of what was made, and headers that are named as a token is. */
const headerSources = (headers: readonly Pair[]): Found[] =>
  headers.flatMap(([name, value]) => {
    const isLink = /^location$/i.test(name) && /\d/.test(value);
    const isSecret = isSecretName(name) && !/^(?:set-cookie|authorization)$/i.test(name);
    return isLink || (isSecret && value.length >= 8) ? [{ value, name, capture: { header: name.toLowerCase() } }] : [];
  });
