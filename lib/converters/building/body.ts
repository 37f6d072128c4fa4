import { isExactNumber } from '../../document/exact-json.ts';
import { parseLocatedJson } from './located-json.ts';
import { literal } from './names.ts';
import type { Pair, RequestBody } from './request.ts';

/** How a text or number of a body becomes a plan's; `name` is its field's. */
export type Rewrite = (name: string, value: string) => string;

/** More belongs into a file beside the plan. */
const MOST_VALUES = 2000;
const DEEPEST = 60;

/** The value where `text` is JSON that a plan's `json` can hold letter by letter. */
export function plainJson(text: string): { readonly value: unknown } | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const { value } = parseLocatedJson(text);
    return isPlain(value) ? { value } : undefined;
  } catch {
    return undefined;
  }
}

function isPlain(root: unknown): boolean {
  const open: (readonly [unknown, number])[] = [[root, 0]];
  for (let count = 0; ; count += 1) {
    const next = open.pop();
    if (next === undefined) return true;
    const [value, depth] = next;
    if (isExactNumber(value) || depth > DEEPEST || count > MOST_VALUES) return false;
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, '__proto__')) return false;
    for (const item of Object.values(value)) open.push([item, depth + 1]);
  }
}

/** A JSON value with its texts, and those of its numbers that are exchanged, as `rewrite` has them. */
export function rewrittenJson(value: unknown, rewrite: Rewrite, name = ''): unknown {
  if (typeof value === 'string') return rewrite(name, value);
  if (typeof value === 'number') {
    const text = rewrite(name, String(value));
    return text === String(value) ? value : text;
  }
  if (Array.isArray(value)) return value.map((item) => rewrittenJson(item, rewrite, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [literal(key), rewrittenJson(item, rewrite, key)]),
  );
}

/** `a=1&b=2`, decoded (WHATWG URL §5.1). */
export const formPairs = (text: string): Pair[] => [...new URLSearchParams(text)];

/** A name or a value of a query or a form, as it was sent; as it stands where it can't be decoded. */
export function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** A body by its type: fields where it is a form, a value where it is JSON, else the text as it stands. */
export function bodyOfText(text: string, type: string, rewrite: Rewrite): RequestBody | undefined {
  if (text === '') return undefined;
  if (/x-www-form-urlencoded/i.test(type) && !/^\s*[[{<]/.test(text))
    return { form: formPairs(text).map(([name, value]) => [literal(name), rewrite(name, value)]) };
  const json = plainJson(text);
  if (json !== undefined) return { json: rewrittenJson(json.value, rewrite) };
  return { raw: rewrite('', text) };
}

const ESCAPED = /[$()*+.?[\\\]^{|}/]/g;

/** A regular expression that matches `text` itself. */
export const escapedRegex = (text: string): string => text.replaceAll(ESCAPED, String.raw`\$&`);

/** Finds what a field of a form, or a meta element, holds; its attributes may stand in any order. */
export const fieldRegex = (element: string, name: string, attribute: string): string =>
  `<${element}(?=[^>]*\\sname=["']?${escapedRegex(name)}["'\\s/>])[^>]*\\s${attribute}=["']([^"']*)["']`;
