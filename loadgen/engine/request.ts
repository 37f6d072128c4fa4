import type { Plan } from '../../lib/plan/plan.ts';
import type { HttpStep } from '../../lib/plan/steps/http.ts';
import { parseTemplate } from '../../lib/plan/template.ts';
import type { Needs, Outgoing } from '../senders/sender.ts';
import { compilePath, PAIR } from './address.ts';
import { compileJson } from './json-body.ts';
import {
  asIs,
  compilePieces,
  PLAIN,
  refuseValue,
  UnusableValue,
  type Constants,
  type Encoding,
  type Render,
} from './render.ts';
import type { User } from './user.ts';

/** What a plan holds for every request of it. */
export interface RequestContext {
  readonly plan: Plan;
  /** Origin and base path of the target. */
  readonly target: URL;
  readonly constants: Constants;
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
  const path = compilePath(step.path, context.constants);
  const query = compilePairs(step.query, context);
  const body = compileBody(step, context);
  const headers = compileHeaders(step, context, body?.type);
  const urlOf = cachedUrl(context.target, /^https?:\/\//i.test(step.path));
  const fixed = {
    method: step.method.toUpperCase(),
    deadlineUs: step.timeoutUs ?? context.plan.timeoutUs,
    needs: { ...needs, head: step.method === 'head' },
  };
  const make = usable((user) => {
    const url = urlOf(path(user), query(user)) ?? refuseValue();
    return { ...url, headers: headers(user), body: body === undefined ? null : body.render(user), ...fixed };
  });
  return hasTemplates(step, context.plan) ? make : madeOnce(make);
}

const usable =
  <T>(render: Render<T>): Render<T | undefined> =>
  (user) => {
    try {
      return render(user);
    } catch (error) {
      if (error instanceof UnusableValue) return undefined;
      throw error;
    }
  };

const hasTemplates = ({ path, query, headers, body }: HttpStep, plan: Plan): boolean =>
  JSON.stringify([path, query, headers, body ?? null, plan.headers]).includes('{{');

function madeOnce(make: Render<Outgoing | undefined>): Render<Outgoing | undefined> {
  let made: { outgoing: Outgoing | undefined } | undefined;
  return (user) => (made ??= { outgoing: make(user) }).outgoing;
}

interface SplitUrl {
  readonly origin: string;
  readonly path: string;
}

/** Parsing a URL costs more than sending it, so the last one is remembered. */
function cachedUrl(target: URL, whole: boolean): (path: string, query: string) => SplitUrl | undefined {
  let last: { path: string; query: string; url: SplitUrl | undefined } | undefined;
  return (path, query) => {
    if (last?.path !== path || last.query !== query)
      last = { path, query, url: splitUrl(path, query, { target, whole }) };
    return last.url;
  };
}

/**
 * A path goes below the target's own (`http://host/api` + `/jobs` → `/api/jobs`). Only a step that is written as a whole URL
 * goes elsewhere: a captured value must not choose which host is loaded.
 */
function splitUrl(
  path: string,
  query: string,
  { target, whole }: { target: URL; whole: boolean },
): SplitUrl | undefined {
  const text = whole ? path : `${target.origin}${target.pathname.replace(/\/$/, '')}/${path.replace(/^\//, '')}`;
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const search = query === '' ? url.search : `${url.search === '' ? '?' : `${url.search}&`}${query}`;
  return { origin: url.origin, path: url.pathname + search };
}

function compilePairs(pairs: HttpStep['query'], { constants }: RequestContext): Render<string> {
  const compile = (text: string): Render<string> => compilePieces(parseTemplate(text).pieces, constants, PAIR);
  const entries = Object.entries(pairs).flatMap(([key, value]) =>
    [value].flat().map((each) => [compile(key), compile(String(each))] as const),
  );
  if (entries.length === 0) return () => '';
  return (user) => entries.map(([key, value]) => `${key(user)}=${value(user)}`).join('&');
}

function compileBody(
  { body }: HttpStep,
  context: RequestContext,
): { render: Render<string>; type?: string } | undefined {
  if (body === undefined) return undefined;
  if ('json' in body) return { render: compileJson(body.json, context.constants), type: 'application/json' };
  if ('form' in body) return { render: compilePairs(body.form, context), type: FORM };
  return { render: compilePieces(parseTemplate(body.raw).pieces, context.constants, PLAIN) };
}

function compileHeaders(step: HttpStep, { plan, constants }: RequestContext, type: string | undefined) {
  const headers = new Map<string, string>([['user-agent', 'plimsoll']]);
  if (type !== undefined) headers.set('content-type', type);
  for (const [name, value] of [...Object.entries(plan.headers), ...Object.entries(step.headers)]) {
    headers.set(name.toLowerCase(), String(value));
  }
  const fixed = Object.fromEntries(headers);
  if (![...headers.values()].some((value) => value.includes('{{'))) return () => fixed;
  const entries = Array.from(headers, ([name, value]): [string, Render<string>] => [
    name,
    compileHeader(value, constants),
  ]);
  return (user: User): Record<string, string> =>
    Object.fromEntries(entries.map(([name, value]) => [name, value(user)]));
}

/** RFC 9110 §5.5: visible characters of one byte, with blanks and tabs between them; receivers drop those at the ends. */
const NO_HEADER_VALUE = /[^\t -~\x80-\xff]|^[\t ]|[\t ]$/;

const HEADER: Encoding = { literal: asIs, value: asIs, raw: asIs };

function compileHeader(text: string, constants: Constants): Render<string> {
  const { pieces } = parseTemplate(text);
  const render = compilePieces(pieces, constants, HEADER);
  if (pieces.every(({ kind }) => kind === 'text')) return render;
  return (user) => {
    const value = render(user);
    return NO_HEADER_VALUE.test(value) ? refuseValue() : value;
  };
}
