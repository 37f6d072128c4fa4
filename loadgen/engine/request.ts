import type { Plan } from '../../lib/plan/plan.ts';
import type { HttpStep, Json } from '../../lib/plan/steps/http.ts';
import type { Needs, Outgoing } from '../senders/sender.ts';
import type { User, Value } from './user.ts';
import { parseTemplate, type Piece } from '../../lib/plan/template.ts';
import { compileAddress, type AddressContext } from './address.ts';
import { compileMultipart, fileOf } from './multipart.ts';
import { compileServerName } from './server-name.ts';
import { percentEncoded, withoutEscapes } from '../senders/header-text.ts';

type Render<T> = (user: User) => T;
type Constants = ReadonlyMap<string, Value>;

/** What a plan holds for every request of it. */
export interface RequestContext extends AddressContext {
  readonly plan: Plan;
  readonly constants: Constants;
  /** Captures that an address of the plan begins with. */
  readonly references: ReadonlySet<string>;
}

const FORM = 'application/x-www-form-urlencoded';

/**
 * A step's request as a function of the user; undefined where, with its templates filled in, it is no usable request.
 * Precedence of headers: the step's, then the plan's, then what the body implies. Without templates it is made once.
 */
export function compileRequest(
  step: HttpStep,
  context: RequestContext,
  needs: Omit<Needs, 'head'>,
): Render<Outgoing | undefined> {
  const path = compileText(step.path, context.constants);
  const query = compilePairs(step.query, context);
  const body = compileBody(step, context);
  const headers = compileHeaders(step, context, body?.type);
  const addressOf = compileAddress(step.path, context);
  const serverNameOf = compileServerName(context);
  const forTarget = hostIsThePlans(step, context.plan);
  const fixed = {
    method: step.method.toUpperCase(),
    deadlineUs: step.timeoutUs ?? context.plan.timeoutUs,
    needs: { ...needs, head: step.method === 'head' },
  };
  const make = (user: User): Outgoing | undefined => {
    const [text, search, sent] = [path(user), query(user), headers(user)];
    const address = addressOf(text, search, sent['host'], user);
    if (address === undefined) return undefined;
    const fits = !forTarget || address.origin === context.target.origin;
    const claimed = fits ? sent : withoutHost(sent);
    const serverName = serverNameOf(address, claimed['host']);
    return {
      ...address,
      serverName,
      headers: claimed,
      body: body === undefined ? null : body.render(user),
      ...fixed,
    };
  };
  return hasTemplates(step, context.plan) ? make : madeOnce(make);
}

const hasTemplates = ({ path, query, headers, body }: HttpStep, plan: Plan): boolean =>
  JSON.stringify([path, query, headers, body ?? null, plan.headers]).includes('{{');

const namesHost = (headers: object): boolean => Object.keys(headers).some((name) => name.toLowerCase() === 'host');

/** A Host of the plan's own is the target's; a step that goes elsewhere may have another. */
const hostIsThePlans = (step: HttpStep, plan: Plan): boolean => namesHost(plan.headers) && !namesHost(step.headers);

const withoutHost = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'host'));

function madeOnce(make: Render<Outgoing | undefined>): Render<Outgoing | undefined> {
  let made: { outgoing: Outgoing | undefined } | undefined;
  return (user) => (made ??= { outgoing: make(user) }).outgoing;
}

function compilePairs(pairs: HttpStep['query'], { constants }: RequestContext): Render<string> {
  const entries = Object.entries(pairs).map(([key, value]): [string, Render<string>] => [
    key,
    compileText(String(value), constants),
  ]);
  if (entries.length === 0) return () => '';
  return (user) => entries.map(([key, value]) => `${percentEncoded(key)}=${percentEncoded(value(user))}`).join('&');
}

interface CompiledBody {
  readonly render: Render<Outgoing['body']>;
  readonly type?: string;
}

function compileBody({ body }: HttpStep, context: RequestContext): CompiledBody | undefined {
  if (body === undefined) return undefined;
  const { constants, plan } = context;
  if ('json' in body) return { render: compileJson(body.json, constants), type: 'application/json' };
  if ('form' in body) return { render: compilePairs(body.form, context), type: FORM };
  if ('multipart' in body) return compileMultipart(body.multipart, plan, (text) => compileText(text, constants));
  if ('raw' in body) return { render: compileText(body.raw, constants) };
  const pieces = [fileOf(plan, body.file)];
  return { render: () => pieces };
}

function compileHeaders(step: HttpStep, { plan, constants }: RequestContext, type: string | undefined) {
  const headers = new Map<string, string>([['user-agent', 'plimsoll']]);
  if (type !== undefined) headers.set('content-type', type);
  for (const [name, value] of [...Object.entries(plan.headers), ...Object.entries(step.headers)]) {
    headers.set(name.toLowerCase(), String(value));
  }
  // Without its boundary it could not be read, whatever the plan says of other requests.
  if (type?.startsWith('multipart/') === true) headers.set('content-type', type);
  const fixed = Object.fromEntries(headers);
  if (![...headers.values()].some((value) => value.includes('{{'))) return () => fixed;
  const entries = Array.from(headers, ([name, value]): [string, Render<string>] => [
    name,
    compileText(value, constants),
  ]);
  return (user: User): Record<string, string> =>
    Object.fromEntries(entries.map(([name, value]) => [name, value(user)]));
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
function compileText(text: string, constants: Constants): Render<string> {
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
function compileJson(json: Json, constants: Constants): Render<string> {
  if (!JSON.stringify(json).includes('{{')) {
    const text = JSON.stringify(json);
    return () => text;
  }
  const value = compileValue(json, constants);
  return (user) => {
    const rendered = value(user);
    const text = JSON.stringify(rendered);
    return text.includes('\\udc') ? JSON.stringify(rendered, readable) : text;
  };
}

/** JSON has no bytes: those of a captured header that are no UTF-8 become letters. */
const readable = (_: string, value: unknown): unknown => (typeof value === 'string' ? withoutEscapes(value) : value);

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
