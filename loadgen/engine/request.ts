import type { Plan } from '../../lib/plan/plan.ts';
import { isGeneratorsOwn, isFieldName } from '../../lib/plan/steps/header-names.ts';
import type { HttpStep, Pairs } from '../../lib/plan/steps/http.ts';
import { methods } from '../../lib/plan/steps/methods.ts';
import { parseTemplate } from '../../lib/plan/template.ts';
import { headerIn, type Needs, type Outgoing, type SentHeaders } from '../senders/sender.ts';
import { compileAddress, compileServerName, type AddressContext } from './address.ts';
import { compileJson } from './json-body.ts';
import { compileMultipart, fileOf } from './multipart.ts';
import { compilePath, PAIR } from './path.ts';
import { asIs, compilePieces, PLAIN, wellFormed, type Constants, type Encoding, type Render } from './render.ts';
import { refuseValue, usable, type NoRequest } from './no-request.ts';
import type { RequestChanges } from '../hooks/port.ts';
import type { User } from './user.ts';

/** What a plan holds for every request of it. */
export interface RequestContext extends AddressContext {
  readonly plan: Plan;
  /** What templates read where nothing else gives a value. */
  readonly constants: Constants;
  /** What conditions and loops read there: a variable that no hook has set has none. */
  readonly values: Constants;
  /** Captures that an address of the plan begins with. */
  readonly references: ReadonlySet<string>;
}

const FORM = 'application/x-www-form-urlencoded';

/**
 * A step's request as a function of the user.
 * Precedence of headers: the step's, then the plan's, then what the body implies. Without templates it is made once.
 */
export function compileRequest(
  step: HttpStep,
  context: RequestContext,
  needs: Omit<Needs, 'head'>,
): Render<Outgoing | NoRequest> {
  const path = compilePath(step.path, context.constants);
  const query = compilePairs(step.query, context);
  const body = compileBody(step, context);
  const headers = compileHeaders(step, context, body?.type);
  const names = writtenNames({ ...context.plan.headers, ...step.headers });
  const addressOf = compileAddress(step.path, context);
  const serverNameOf = compileServerName(context);
  const forTarget = hostIsThePlans(step, context.plan);
  const fixed = {
    method: step.method.toUpperCase(),
    deadlineUs: step.timeoutUs ?? context.plan.timeoutUs,
    needs: { ...needs, head: step.method === 'head' },
  };
  const make = usable((user: User): Outgoing => {
    const sent = headers(user);
    const address = addressOf(path(user), query(user), headerIn(sent, 'host'), user);
    const fits = !forTarget || address.origin === context.target.origin;
    const claimed = fits ? sent : withoutHost(sent);
    return {
      ...address,
      serverName: serverNameOf(address, headerIn(claimed, 'host')),
      headers: claimed,
      ...names,
      body: body === undefined ? null : body.render(user),
      ...fixed,
    };
  });
  return hasTemplates(step, context.plan) ? make : madeOnce(make);
}

/** Letters of a header's value as they can be sent. */
const sentHeader = (value: string): string =>
  NO_HEADER_VALUE.test(wellFormed(value)) ? refuseValue('a header that a hook has set holds what none may') : value;

/** A request with what hooks want otherwise. */
export function compileChanges(context: RequestContext) {
  // What begins with a template may be an address of any kind.
  const addressOf = compileAddress('{{ $uuid }}', context);
  const serverNameOf = compileServerName(context);
  return usable((outgoing: Outgoing, { method, url, headers, body }: RequestChanges, user: User): Outgoing => {
    if (method === undefined && url === undefined && headers === undefined && body === undefined) return outgoing;
    if (Object.keys(headers ?? {}).some((name) => !isFieldName(name) || isGeneratorsOwn(name)))
      refuseValue("a hook has set a header that is no name, or the generator's own");
    const merged = Object.entries({ ...outgoing.headers, ...headers }).flatMap(([name, value]) =>
      value === null ? [] : [[name.toLowerCase(), typeof value === 'string' ? sentHeader(value) : value] as const],
    );
    // Parsers of URLs drop some of them without a word.
    if (url !== undefined && /\p{Cc}/u.test(url)) refuseValue('a hook has set an address with a control character');
    const sent = Object.fromEntries(merged);
    const address = url === undefined ? outgoing : addressOf(url, '', headerIn(sent, 'host'), user);
    return {
      ...outgoing,
      origin: address.origin,
      path: address.path,
      serverName: url === undefined ? outgoing.serverName : serverNameOf(address, headerIn(sent, 'host')),
      headers: sent,
      ...(method !== undefined && methodAnd(method, outgoing.needs)),
      ...(body !== undefined && { body: body === null || typeof body === 'string' ? body : [Buffer.from(body)] }),
      wire: undefined,
    };
  });
}

/** A method, and whether its reply has a body. */
function methodAnd(written: string, needs: Needs): Pick<Outgoing, 'method' | 'needs'> {
  const method = methods.find((each) => each === written.toLowerCase());
  if (method === undefined) return refuseValue('a hook has set a method that is none');
  return { method: method.toUpperCase(), needs: { ...needs, head: method === 'head' } };
}

const hasTemplates = ({ path, query, headers, body }: HttpStep, plan: Plan): boolean =>
  JSON.stringify([path, query, headers, body ?? null, plan.headers]).includes('{{');

const namesHost = (headers: object): boolean => Object.keys(headers).some((name) => name.toLowerCase() === 'host');

/** A Host of the plan's own is the target's; a step that goes elsewhere may have another. */
const hostIsThePlans = (step: HttpStep, plan: Plan): boolean => namesHost(plan.headers) && !namesHost(step.headers);

const withoutHost = (headers: SentHeaders): SentHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'host'));

function madeOnce(make: Render<Outgoing | NoRequest>): Render<Outgoing | NoRequest> {
  let made: Outgoing | NoRequest | undefined;
  return (user) => (made ??= make(user));
}

function compilePairs(pairs: HttpStep['query'], { constants }: RequestContext): Render<string> {
  const compile = (text: string): Render<string> => compilePieces(parseTemplate(text).pieces, constants, PAIR);
  const entries = Object.entries(pairs).flatMap(([key, value]) =>
    [value].flat().map((each) => [compile(key), compile(String(each))] as const),
  );
  if (entries.length === 0) return () => '';
  return (user) => entries.map(([key, value]) => `${key(user)}=${value(user)}`).join('&');
}

interface CompiledBody {
  readonly render: Render<Outgoing['body']>;
  readonly type?: string;
}

function compileBody({ body }: HttpStep, context: RequestContext): CompiledBody | undefined {
  if (body === undefined) return undefined;
  const { constants, plan } = context;
  const compileText = (text: string): Render<string> => compilePieces(parseTemplate(text).pieces, constants, PLAIN);
  if ('json' in body) return { render: compileJson(body.json, constants), type: 'application/json' };
  if ('form' in body) return { render: compilePairs(body.form, context), type: FORM };
  if ('multipart' in body) return compileMultipart(body.multipart, plan, compileText);
  if ('raw' in body) return { render: compileText(body.raw) };
  const pieces = [fileOf(plan, body.file)];
  return { render: () => pieces };
}

/** Names as the plan writes them; servers there are that know no others. */
function writtenNames(headers: Pairs): Pick<Outgoing, 'names'> {
  const last = new Map(Object.keys(headers).map((name) => [name.toLowerCase(), name]));
  const other = [...last].filter(([small, name]) => small !== name);
  return other.length === 0 ? {} : { names: Object.fromEntries(other) };
}

function compileHeaders(step: HttpStep, { plan, constants }: RequestContext, type: string | undefined) {
  const headers = new Map<string, string | string[]>([['user-agent', 'plimsoll']]);
  if (type !== undefined) headers.set('content-type', type);
  for (const [name, value] of [...Object.entries(plan.headers), ...Object.entries(step.headers)]) {
    headers.set(name.toLowerCase(), Array.isArray(value) ? value.map(String) : String(value));
  }
  // Without its boundary it could not be read, whatever the plan says of other requests.
  if (type?.startsWith('multipart/') === true) headers.set('content-type', type);
  const fixed = Object.fromEntries(headers);
  if (![...headers.values()].flat().some((value) => value.includes('{{'))) return (): SentHeaders => fixed;
  const trims = plan.hooks?.signatures === 'processor';
  const entries = Array.from(
    headers,
    ([name, value]) => [name, compileValues(name, value, { constants, trims })] as const,
  );
  return (user: User): SentHeaders => Object.fromEntries(entries.map(([name, value]) => [name, value(user)]));
}

interface HeaderContext {
  readonly constants: Constants;
  /** Blanks at the ends, which no receiver sees, are left out, where a hook may put another value in its place. */
  readonly trims: boolean;
}

function compileValues(name: string, value: string | string[], context: HeaderContext): Render<string | string[]> {
  if (typeof value === 'string') return compileHeader(name, value, context);
  const all = value.map((each) => compileHeader(name, each, context));
  return (user) => all.map((each) => each(user));
}

/** RFC 9110 §5.5: anything but control characters, with blanks and tabs between; receivers drop those at the ends. */
const NO_HEADER_VALUE = /(?![\t\x80-\x9f])\p{Cc}|^[\t ]|[\t ]$/u;

const HEADER: Encoding = { literal: asIs, value: wellFormed, raw: wellFormed };

function compileHeader(name: string, text: string, { constants, trims }: HeaderContext): Render<string> {
  const { pieces } = parseTemplate(text);
  const render = compilePieces(pieces, constants, HEADER);
  if (pieces.every(({ kind }) => kind === 'text')) return render;
  return (user) => {
    const value = trims ? render(user).trim() : render(user);
    return NO_HEADER_VALUE.test(value)
      ? refuseValue(`the header ${name} holds a control character, or a blank at an end`)
      : value;
  };
}
