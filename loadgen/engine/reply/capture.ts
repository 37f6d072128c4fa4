import { parseDate } from 'tough-cookie';
import { parseExactJson } from '../../../lib/document/exact-json.ts';
import type { Capture, HtmlSelector } from '../../../lib/plan/capture.ts';
import { compileJsonPath, compileJsonPathAll } from './json-path.ts';
import { parseXmlPath } from '../../../lib/plan/steps/xml-path.ts';
import { compileHtml } from './html.ts';
import { xmlValuesAt } from './xml.ts';
import type { ReadReply, ReplyCheck } from './read-reply.ts';
import type { Address } from '../address.ts';
import type { User, Value } from '../user.ts';

/** Takes a value out of the reply to one of the user's variables. `isReference`: an address of the plan begins with it. */
export function compileCapture(capture: Capture, isReference: boolean): ReplyCheck {
  const find = finderOf(capture);
  const otherwise = capture.default === undefined ? undefined : (parseExactJson(capture.default) as Value);
  return (reply, _, user, asked) => {
    const found = find(reply, user, asked);
    const value = found === undefined ? otherwise : found;
    if (value === undefined && capture.optional !== true)
      return isOfHead(capture) ? 'capture' : reply.failure('capture');
    if (value === undefined) user.variables.delete(capture.as);
    else user.variables.set(capture.as, value);
    if (isReference && asked !== undefined) (user.pages ??= new Map()).set(capture.as, pageUrl(capture, reply, asked));
    return undefined;
  };
}

const hrefOfBase = compileHtml({ css: 'base[href]', attribute: 'href' });

/** By what a captured reference is resolved: the URL of its page, or what the page says instead (RFC 3986 §5.1.1, HTML's `base`). */
function pageUrl({ from }: Capture, reply: ReadReply, { origin, path }: Address): string {
  const url = origin + path;
  if ((from !== 'html' && from !== 'regex') || !/<base\s/i.test(reply.text)) return url;
  const [href] = hrefOfBase(reply.html);
  return (href === undefined ? undefined : URL.parse(href.trim(), url)?.href) ?? url;
}

/** Whether a capture is read before the body; of a head nothing has to be guessed. */
export const isOfHead = ({ from }: Capture): boolean => from === 'status' || from === 'header' || from === 'cookie';

type Find = (reply: ReadReply, user: User, asked: Address | undefined) => Value | undefined;

function finderOf(capture: Capture): Find {
  const all = allOf(capture);
  if (capture.match === undefined || all === undefined) return firstOf(capture);
  if (capture.match === 'random')
    return (reply, user) => {
      const found = all(reply);
      return found[Math.floor(user.random() * found.length)];
    };
  return (reply) => {
    const found = all(reply);
    return found.length === 0 ? undefined : found;
  };
}

function firstOf(capture: Capture): Find {
  switch (capture.from) {
    case 'status':
      return ({ reply }) => reply.status;
    case 'header':
      return (reply) => reply.header(capture.header);
    case 'cookie':
      return ({ reply }, _, asked) =>
        cookieIn([...(asked?.setBefore ?? []), ...[reply.headers['set-cookie'] ?? []].flat()], capture.cookie);
    case 'regex': {
      const pattern = new RegExp(capture.regex, 'u');
      return (reply) => pattern.exec(reply.text)?.[capture.group];
    }
    case 'xml': {
      const all = xmlFinder(capture.xml);
      return (reply) => all(reply)[0];
    }
    case 'html': {
      const all = htmlFinder(capture);
      return (reply) => all(reply)[0];
    }
    case 'json': {
      const find = compileJsonPath(capture.path);
      return (reply) => find(reply.json) as Value | undefined;
    }
  }
}

/** Every value of the reply; undefined of what stands there only once. */
function allOf(capture: Capture): ((reply: ReadReply) => Value[]) | undefined {
  if (capture.from === 'json') {
    const find = compileJsonPathAll(capture.path);
    return (reply) => find(reply.json) as Value[];
  }
  if (capture.from === 'xml') return xmlFinder(capture.xml);
  if (capture.from === 'html') return htmlFinder(capture);
  if (capture.from !== 'regex') return undefined;
  const pattern = new RegExp(capture.regex, 'gu');
  return (reply) =>
    Array.from(reply.text.matchAll(pattern), (found) => found[capture.group]).filter((text) => text !== undefined);
}

function xmlFinder(written: string): (reply: ReadReply) => string[] {
  const path = parseXmlPath(written);
  return ({ xml }) => (path === undefined || xml === undefined ? [] : xmlValuesAt(path, xml));
}

function htmlFinder(selector: HtmlSelector): (reply: ReadReply) => string[] {
  const find = compileHtml(selector);
  return (reply) => find(reply.html);
}

/**
 * The value that a user's cookie has after the reply: of several lines of one name the last one's, and none where that takes the cookie away.
 * RFC 6265bis §5.6: it stands between the first = and the first semicolon; §5.6.2: Max-Age of 0 or less, which counts before Expires.
 */
function cookieIn(set: readonly string[], name: string): string | undefined {
  for (const line of set.toReversed()) {
    const [pair = '', ...attributes] = line.split(';');
    const at = pair.indexOf('=');
    if (at < 0 || pair.slice(0, at).trim() !== name) continue;
    return isTakenAway(attributes) ? undefined : pair.slice(at + 1).trim();
  }
  return undefined;
}

function isTakenAway(attributes: readonly string[]): boolean {
  const found = new Map(attributes.map((each) => [each.split('=', 1)[0]?.trim().toLowerCase() ?? '', valueIn(each)]));
  const maxAge = found.get('max-age') ?? '';
  if (/^-?\d+$/.test(maxAge)) return Number(maxAge) <= 0;
  // §5.1.1: what is no date, as 0 and -1, says nothing.
  const expires = parseDate(found.get('expires'));
  return expires !== undefined && expires.getTime() <= Date.now();
}

const valueIn = (attribute: string): string => attribute.slice(attribute.indexOf('=') + 1).trim();
