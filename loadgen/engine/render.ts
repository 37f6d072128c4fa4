import { createHash, createHmac } from 'node:crypto';
import { isExactNumber, parseExactJson } from '../../lib/document/exact-json.ts';
import { referenceOf } from '../../lib/plan/name.ts';
import { jwtHashes, type Computed, type OwnCall, type Piece } from '../../lib/plan/template.ts';
import { percentEncodedBytes } from '../senders/header-text.ts';
import { refuseValue } from './no-request.ts';
import type { User, Value } from './user.ts';

export type Render<T> = (user: User) => T;

/** Values of which each user has one, by chance and for good. */
export class Choice {
  readonly #values: readonly Value[];

  constructor(values: readonly Value[]) {
    this.#values = values;
  }

  of(user: User): Value {
    return this.#values[Math.floor(user.random() * this.#values.length)] ?? null;
  }
}

export type Constants = ReadonlyMap<string, Value | Choice>;

/** How a value is written at a place. */
export type Encode = (text: string) => string;

/** A value as letters; a list or a map as JSON, and a number as it was written. */
export const textOf = (value: Value): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** What stands in an address, a header or a text: `null` says that there is nothing, and four letters would be sent in its place. */
const lettersOf = (value: Value, of: string): string =>
  value === null ? refuseValue(`${of} is null, which is no text`) : textOf(value);

/** As it is written in a plan. */
export const writtenAs = (piece: Piece): string =>
  piece.kind === 'text' ? piece.text : piece.kind === 'variable' ? `{{ ${piece.name} }}` : `{{ ${piece.name}() }}`;

/** Half of a surrogate pair has no bytes in UTF-8, but where it stands for a byte that a header brought (header-text.ts). */
export const wellFormed: Encode = (text) =>
  text.isWellFormed() || text.replaceAll(/[\udc80-\udcff]/gu, '').isWellFormed()
    ? text
    : refuseValue('a value holds half of a character');

/** RFC 3986 §2.1: of a path segment, a query or a form. Most values are numbers and names, which need none. */
export const percentEncoded: Encode = (text) =>
  /^[\w\-.~]*$/.test(text) ? text : percentEncodedBytes(wellFormed(text));

/** `| raw` in an address says that the value is encoded already, so it holds nothing else than RFC 3986 §2 lets stand. */
export const encodedAlready: Encode = (text) =>
  /^[\w\-.~:/?@!$&'()*+,;=%[\]]*$/.test(text) ? text : refuseValue('a raw value holds what no address may');

/** Texts with templates as a function of the user; without any it costs nothing. Only values are encoded, and none that is `raw`. */
export function compilePieces(pieces: readonly Piece[], constants: Constants, place: Encoding): Render<string> {
  if (pieces.every((piece) => piece.kind === 'text')) {
    const text = pieces.map((piece) => place.literal(piece.text)).join('');
    return () => text;
  }
  return joined(pieces.map((piece) => renderText(piece, constants, place)));
}

/** Texts one behind another. */
export function joined(parts: readonly Render<string>[]): Render<string> {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return (user) => {
    let text = '';
    for (const part of parts) text += part(user);
    return text;
  };
}

/** How the plan's own letters, values, and values that are `raw` are written at a place. */
export interface Encoding {
  readonly literal: Encode;
  readonly value: Encode;
  readonly raw: Encode;
}

export const asIs: Encode = (text) => text;

/** Where no letter has a meaning of its own: a body of the author's own format. */
export const PLAIN: Encoding = { literal: asIs, value: wellFormed, raw: wellFormed };

function renderText(piece: Piece, constants: Constants, place: Encoding): Render<string> {
  if (piece.kind === 'text') {
    const text = place.literal(piece.text);
    return () => text;
  }
  const value = renderPiece(piece, constants);
  const encode = piece.raw === true ? place.raw : place.value;
  const written = writtenAs(piece);
  return (user) => encode(lettersOf(value(user), written));
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

const int = (user: User, from: number, to: number): number => from + Math.floor(user.random() * (to - from + 1));

/** RFC 9562 version 4, from the user's own stream, so that a run can be repeated. */
function uuid(user: User): string {
  const hex = Array.from({ length: 32 }, (_, i) => (i === 12 ? 4 : i === 16 ? 8 + int(user, 0, 3) : int(user, 0, 15)));
  return hex.map((digit, i) => ([8, 12, 16, 20].includes(i) ? '-' : '') + digit.toString(16)).join('');
}

function renderCall({ name, args }: Extract<Piece, { kind: 'call' }>): Render<Value> {
  const numbers = args.map(Number);
  switch (name) {
    case '$uuid':
      return uuid;
    case '$now':
      return () => Date.now();
    case '$user':
      return (user) => user.number;
    case '$iteration':
      return (user) => user.iteration;
    case '$randomInt':
      return (user) => int(user, numbers[0] ?? 0, numbers[1] ?? 0);
    case '$randomString':
      return (user) => Array.from({ length: numbers[0] ?? 0 }, () => LETTERS[int(user, 0, 35)]).join('');
    case '$pick':
      return (user) => args[int(user, 0, args.length - 1)] ?? refuseValue('$pick has no values');
    case '$env':
      return () => process.env[args[0] ?? ''] ?? refuseValue(`the environment variable ${args[0]} is not set`);
  }
}

function renderComputed({ name, args }: Extract<Piece, { kind: 'computed' }>, constants: Constants): Render<Value> {
  const values = args.map((arg) => [renderPiece(arg, constants), writtenAs(arg)] as const);
  return (user) =>
    compute(
      name,
      values.map(([value, written]) => lettersOf(value(user), written)),
    ) ?? refuseValue(`${name} has claims that are no JSON object`);
}

/** Where the value of a call of the plan's own function is held while the request is made. No name of a plan holds a blank. */
export const heldAs = ({ name, args }: OwnCall): string => `value of ${name} ${JSON.stringify(args)}`;

/** The value of a piece, of its own type. A name without a value makes the request unusable: nothing is sent in its place. */
export function renderPiece(piece: Piece, constants: Constants): Render<Value> {
  if (piece.kind === 'text') return () => piece.text;
  if (piece.kind === 'call') return renderCall(piece);
  if (piece.kind === 'computed') return renderComputed(piece, constants);
  if (piece.kind === 'own') {
    const held = heldAs(piece);
    return (user) => sendableValue(user.variables.get(held), `${piece.name}()`);
  }
  const value = valueOf(piece.name, constants);
  const written = writtenAs(piece);
  return (user) => sendableValue(value(user), written);
}

/** What is NaN in code would be null in JSON, which says something else. */
function sendableValue(value: Value | undefined, of: string): Value {
  if (value === undefined) return refuseValue(`${of} has no value`);
  return typeof value === 'number' && !Number.isFinite(value)
    ? refuseValue(`${of} is ${value}, which is no number`)
    : value;
}

/** What a name stands for at this time, or the way from it to a value inside; undefined where that is nothing. */
export function valueOf(name: string, constants: Constants): Render<Value | undefined> {
  const { root, path } = referenceOf(name);
  const constant = constants.get(root);
  const own = (user: User): Value | undefined => {
    const held = user.variables.get(root);
    // A captured null is a value, not the lack of one.
    if (held !== undefined || !(constant instanceof Choice)) return held === undefined ? constant : held;
    const chosen = constant.of(user);
    user.variables.set(root, chosen);
    return chosen;
  };
  // A feeder's column is held by its whole name.
  return path.length === 0 ? own : (user) => user.variables.get(name) ?? inside(own(user), path);
}

function inside(value: Value | undefined, path: readonly (string | number)[]): Value | undefined {
  let found: unknown = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null || isExactNumber(found) || !Object.hasOwn(found, step))
      return undefined;
    found = (found as Readonly<Record<string | number, unknown>>)[step];
  }
  return found as Value;
}

type Digits = 'hex' | 'base64' | 'base64url';

/** The value of a built-in function of texts, which are taken as UTF-8; undefined where there is none. */
function compute(name: Computed, args: readonly string[]): string | undefined {
  const [first = '', second = '', third = '', fourth] = args;
  switch (name) {
    case '$base64':
      return Buffer.from(first).toString('base64');
    case '$base64url':
      return Buffer.from(first).toString('base64url');
    case '$digest':
      return createHash(first)
        .update(second)
        .digest((args[2] ?? 'hex') as Digits);
    case '$hmac':
      return createHmac(first, second)
        .update(third)
        .digest((fourth ?? 'hex') as Digits);
    case '$jwt':
      return jwt(first as keyof typeof jwtHashes, { key: second, claims: third, seconds: fourth });
  }
}

interface Token {
  readonly key: string;
  /** A JSON object. */
  readonly claims: string;
  /** How long it is valid from now. */
  readonly seconds: string | undefined;
}

/** A signed JSON Web Token (RFC 7519) in the compact form of RFC 7515 §7.1. With `seconds` it says when it was issued and expires. */
function jwt(alg: keyof typeof jwtHashes, { key, claims, seconds }: Token): string | undefined {
  const known = objectIn(claims);
  if (known === undefined) return undefined;
  const now = Math.floor(Date.now() / 1000);
  const payload = seconds === undefined ? claims : JSON.stringify({ ...known, iat: now, exp: now + Number(seconds) });
  const signed = [JSON.stringify({ alg, typ: 'JWT' }), payload]
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
  return `${signed}.${createHmac(jwtHashes[alg], key).update(signed).digest('base64url')}`;
}

function objectIn(text: string): object | undefined {
  try {
    const value = parseExactJson(text);
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);
    return isMap ? value : undefined;
  } catch {
    return undefined;
  }
}
