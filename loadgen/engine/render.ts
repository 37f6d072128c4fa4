import { parseTemplate, type Piece } from '../../lib/plan/template.ts';
import type { Json } from '../../lib/plan/steps/http.ts';
import type { User, Value } from './user.ts';

type Render<T> = (user: User) => T;
type Constants = ReadonlyMap<string, Value>;

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
      return (user) => args[int(user, 0, args.length - 1)] ?? '';
    case '$env':
      return () => process.env[args[0] ?? ''] ?? '';
  }
}

function renderPiece(piece: Piece, constants: Constants): Render<Value> {
  if (piece.kind === 'text') return () => piece.text;
  if (piece.kind === 'call') return renderCall(piece);
  const { name } = piece;
  // A captured null is a value, not the lack of one.
  return (user) => {
    const own = user.variables.get(name);
    return own === undefined ? (constants.get(name) ?? '') : own;
  };
}

const asText = (value: Value): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** A text with templates as a function of the user; a text without any costs nothing. */
export function compileText(text: string, constants: Constants): Render<string> {
  const { pieces } = parseTemplate(text);
  if (pieces.every((piece) => piece.kind === 'text')) return () => text;
  const parts = pieces.map((piece) => renderPiece(piece, constants));
  return (user) => parts.reduce((joined, part) => joined + asText(part(user)), '');
}

/** A text that is one template and nothing else keeps the type of its value: a number stays a number. */
function compileScalar(text: string, constants: Constants): Render<Value> {
  const { pieces } = parseTemplate(text);
  const [only] = pieces;
  return pieces.length === 1 && only !== undefined ? renderPiece(only, constants) : compileText(text, constants);
}

/** A JSON body as a function of the user; one without templates is encoded once. */
export function compileJson(json: Json, constants: Constants): Render<string> {
  if (!JSON.stringify(json).includes('{{')) {
    const text = JSON.stringify(json);
    return () => text;
  }
  const value = compileValue(json, constants);
  return (user) => JSON.stringify(value(user));
}

function compileValue(json: Json, constants: Constants): Render<Value> {
  if (typeof json === 'string') return compileScalar(json, constants);
  if (Array.isArray(json)) {
    const items = json.map((item) => compileValue(item, constants));
    return (user) => items.map((item) => item(user));
  }
  if (typeof json !== 'object' || json === null) return () => json;
  const entries = Object.entries(json).map(([key, item]): [string, Render<Value>] => [
    key,
    compileValue(item, constants),
  ]);
  return (user) => Object.fromEntries(entries.map(([key, item]) => [key, item(user)]));
}
