import { parseExactJson, type JsonText } from '../../lib/document/exact-json.ts';
import { withoutEscapes } from '../senders/header-text.ts';
import { parseTemplate } from '../../lib/plan/template.ts';
import { asIs, compilePieces, PLAIN, renderPiece, type Constants, type Encoding, type Render } from './render.ts';
import { refuseValue } from './no-request.ts';
import type { Value } from './user.ts';

/** JSON can write any text: half a surrogate pair as an escape (ECMA-262 §25.5.2.4). */
const INSIDE: Encoding = { literal: asIs, value: asIs, raw: asIs };

/** A JSON body as a function of the user; one without templates is as it is. */
export function compileJson(json: JsonText, constants: Constants): Render<string> {
  if (!json.includes('{{')) return () => json;
  const value = compileValue(parseExactJson(json), constants);
  return (user) => {
    const filled = value(user);
    const text = JSON.stringify(filled);
    return text.includes('\\udc') ? JSON.stringify(filled, readable) : text;
  };
}

/** JSON has no bytes: those of a captured header that are no UTF-8 become letters. */
const readable = (_: string, value: unknown): unknown => (typeof value === 'string' ? withoutEscapes(value) : value);

function compileValue(json: unknown, constants: Constants): Render<unknown> {
  if (typeof json === 'string') return compileScalar(json, constants);
  if (Array.isArray(json)) {
    const items = json.map((item) => compileValue(item, constants));
    return (user) => items.map((item) => item(user));
  }
  if (typeof json !== 'object' || json === null || !JSON.stringify(json).includes('{{')) return () => json;
  return compileMap(json, constants);
}

function compileMap(json: object, constants: Constants): Render<unknown> {
  const fixed = Object.entries(json).map(([key, item]) => [key, compileValue(item, constants)] as const);
  if (!fixed.some(([key]) => key.includes('{{')))
    return (user) => Object.fromEntries(fixed.map(([key, item]) => [key, item(user)]));
  const entries = fixed.map(
    ([key, item]) => [compilePieces(parseTemplate(key).pieces, constants, PLAIN), item] as const,
  );
  // Two keys that become one would lose a value.
  return (user) => {
    const filled = entries.map(([key, item]): [string, unknown] => [key(user), item(user)]);
    const map = Object.fromEntries(filled);
    return Object.keys(map).length === filled.length ? map : refuseValue('two keys of the JSON body are one');
  };
}

/** A text that is one template and nothing else keeps the type of its value: a number stays a number. */
function compileScalar(text: string, constants: Constants): Render<unknown> {
  const { pieces } = parseTemplate(text);
  const [only] = pieces;
  if (pieces.length !== 1 || only === undefined || only.kind === 'text')
    return compilePieces(pieces, constants, INSIDE);
  const value = renderPiece(only, constants);
  return only.raw === true ? (user) => rawJson(value(user)) : value;
}

/** A text that is JSON stands in the body as that JSON. */
function rawJson(value: Value): unknown {
  if (typeof value !== 'string') return value;
  try {
    return parseExactJson(value);
  } catch {
    return refuseValue('a raw value is no JSON');
  }
}
