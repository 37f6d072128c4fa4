/**
 * JSON whose numbers are as they were written. A JSON number has no size (RFC 8259 §6), and ids of 64 bits are common, but a
 * double holds 53 bits, and writes 1.10 as 1.1. So a number that would be written otherwise is held by its text (`JSON.rawJSON`,
 * ECMA-262 "JSON.parse source text access"), which `JSON.stringify` writes back letter by letter.
 */
export interface ExactNumber {
  readonly rawJSON: string;
}

interface SourceText {
  rawJSON(text: string): ExactNumber;
  isRawJSON(value: unknown): value is ExactNumber;
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
}

/** What TypeScript's library does not declare yet. */
const sourceText = JSON as unknown as SourceText;

export const isExactNumber = (value: unknown): value is ExactNumber => sourceText.isRawJSON(value);

/** `text` must be a JSON number. @throws SyntaxError */
export const exactNumber = (text: string): ExactNumber => sourceText.rawJSON(text);

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

export const isJsonNumber = (text: string): boolean => NUMBER.test(text);

/** Holds wherever a number might be written otherwise: a long one, a fraction, an exponent, a negative zero. */
const UNUSUAL = /\d{16}|\d[.eE]|-0(?!\d)/;

/** @throws SyntaxError */
export function parseExactJson(text: string): unknown {
  if (!UNUSUAL.test(text)) return JSON.parse(text);
  return sourceText.parse(text, (_, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? exactNumber(source) : value,
  );
}

/** The value with doubles for its numbers, for those who compute with them; itself where it holds doubles only. */
export const asDoubles = (value: unknown): unknown => exchanged(value, ({ rawJSON }) => Number(rawJSON));

/** The same for code, which would send on what a double has lost: a number that is none keeps its digits as a text. */
export const asCodeValues = (value: unknown): unknown =>
  exchanged(value, (exact) => (isSameValue(Number(exact.rawJSON), exact) ? Number(exact.rawJSON) : exact.rawJSON));

function exchanged(value: unknown, change: (exact: ExactNumber) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isExactNumber(value)) return change(value);
  const entries = Object.entries(value);
  const items = entries.map(([key, item]) => [key, exchanged(item, change)] as const);
  if (items.every(([, item], i) => item === entries[i]?.[1])) return value;
  return Array.isArray(value) ? items.map(([, item]) => item) : Object.fromEntries(items);
}

/** A JSON value as text: what is plain data anywhere, and loses no digit. */
export type JsonText = string;

export const jsonTexts = (values: Readonly<Record<string, unknown>>): Record<string, JsonText> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, JSON.stringify(value)]));

/** Whether two JSON values, neither a list nor a map, are equal; numbers are by what they are, however written: 1.10 is 1.1. */
export function isSameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  const [left, right] = [numberText(a), numberText(b)];
  return left !== undefined && right !== undefined && canonical(left) === canonical(right);
}

/** Below, equal to or above zero as `a` is below, equal to or above `b`: two numbers as JSON writes them, of any length. */
export function orderOfNumbers(a: string, b: string): number {
  const order = Number(a) - Number(b);
  // Doubles show which is larger where the first fifteen digits differ, but not where they overflow or are closer than that.
  if (Math.abs(order) > Math.abs(Number(a)) * 1e-14 && Number.isFinite(order)) return order;
  const [left, right] = [canonical(a), canonical(b)];
  if (left === right) return 0;
  const [sign, other] = [signOf(left), signOf(right)];
  return sign === other ? sign * sizeOrder(left, right) : sign - other;
}

const signOf = (canonicalText: string): number => (canonicalText === '0' ? 0 : canonicalText.startsWith('-') ? -1 : 1);

/** Of two that have one sign and are not zero: by the power of ten of their first digit, then digit by digit. */
function sizeOrder(a: string, b: string): number {
  const [[left, leftPower], [right, rightPower]] = [partsOf(a), partsOf(b)];
  const byLength = left.length + leftPower - (right.length + rightPower);
  return byLength === 0 ? (left < right ? -1 : 1) : byLength;
}

function partsOf(canonicalText: string): [digits: string, power: number] {
  const [digits = '', power = '0'] = canonicalText.replace(/^-/, '').split('e');
  return [digits, Number(power)];
}

function numberText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return isExactNumber(value) ? value.rawJSON : undefined;
}

/** Sign, significant digits, and the power of ten behind them: 1.10 and 11e-1 → `11e-1`. */
function canonical(text: string): string {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return end === 0 ? '0' : `${sign}${digits.slice(0, end)}e${Number(power) - fraction.length + digits.length - end}`;
}
