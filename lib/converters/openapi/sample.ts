import { asDoubles } from '../../document/exact-json.ts';
import { asList, asRecord, asText, type Draft } from '../../plan/draft.ts';
import type { ApiDocument } from './document.ts';
import { textLike } from './pattern.ts';

/** Optional properties are written down to this depth, required ones to the last. */
const OPTIONAL_DEPTH = 3;
const DEEPEST = 12;
const MOST_PROPERTIES = 60;
const MOST_ITEMS = 5;

export interface SampleOptions {
  readonly document: ApiDocument;
  /** Without properties that need not be there. */
  readonly lean: boolean;
}

/** Nothing could be made up: a recursion, or an empty choice. */
const NONE = Symbol('none');

/** The same value each time for the same schema (OpenAPI 3.0, 3.1, Swagger 2.0); what only replies hold is left out. */
export function sampleOf(schema: unknown, options: SampleOptions): unknown {
  const value = new Sampler(options).value(schema, 0, []);
  return value === NONE ? null : value;
}

/** The first example that stands beside a schema, or in it. */
export function exampleOf({ example, examples }: Draft, document: ApiDocument): unknown {
  if (example !== undefined) return asDoubles(example);
  if (Array.isArray(examples)) return asDoubles(examples[0]);
  const [first] = Object.values(asRecord(examples));
  const { value } = document.resolved(first);
  return asDoubles(value);
}

class Sampler {
  readonly #document: ApiDocument;
  readonly #lean: boolean;

  constructor({ document, lean }: SampleOptions) {
    this.#document = document;
    this.#lean = lean;
  }

  value(written: unknown, depth: number, above: readonly Draft[]): unknown {
    const schema = this.#whole(written, 0);
    if (depth > DEEPEST || above.filter((each) => each === schema).length > 0) return NONE;
    const given = this.#given(schema);
    if (given !== undefined) return given;
    const inside = [...above, schema];
    const choices = asList(schema['oneOf'] ?? schema['anyOf']);
    for (const choice of choices) {
      if (typeOf(this.#whole(choice, 0)) === 'null') continue;
      const value = this.value({ ...schema, ...this.#merged(schema, choice) }, depth, above);
      if (value !== NONE) return value;
    }
    const type = typeOf(schema);
    if (type === 'object') return this.#object(schema, depth, inside);
    if (type === 'array') return this.#array(schema, depth, inside);
    return scalarOf(type, schema);
  }

  #given(schema: Draft): unknown {
    const { const: constant, default: standard } = schema;
    const example = exampleOf(schema, this.#document);
    return [example, constant, standard, asList(schema['enum']).find((each) => each !== null)]
      .map(asDoubles)
      .find((each) => each !== undefined && each !== null);
  }

  #merged(schema: Draft, choice: unknown): Draft {
    return { ...joined(schema, this.#whole(choice, 0)), oneOf: undefined, anyOf: undefined };
  }

  /** Resolved, and with all of what it is made of. */
  #whole(written: unknown, depth: number): Draft {
    const schema = this.#document.resolved(written);
    const parts = depth > DEEPEST ? [] : asList(schema['allOf']);
    if (parts.length === 0) return schema;
    return parts.map((part) => this.#whole(part, depth + 1)).reduce(joined, { ...schema, allOf: undefined });
  }

  #object(schema: Draft, depth: number, above: readonly Draft[]): unknown {
    const required = new Set(asList(schema['required']));
    const properties = Object.entries(asRecord(schema['properties'])).slice(0, MOST_PROPERTIES);
    const entries = properties.flatMap(([name, written]) => {
      const isWanted = required.has(name) || (!this.#lean && depth < OPTIONAL_DEPTH);
      if (!isWanted || name === '__proto__' || this.#document.resolved(written)['readOnly'] === true) return [];
      const value = this.value(written, depth + 1, above);
      if (value === NONE) return required.has(name) ? [[name, {}] as const] : [];
      return [[name, value] as const];
    });
    const additional = schema['additionalProperties'];
    if (properties.length > 0 || typeof additional !== 'object' || additional === null)
      return Object.fromEntries(entries);
    const value = this.value(additional, depth + 1, above);
    return value === NONE ? {} : { key: value };
  }

  #array(schema: Draft, depth: number, above: readonly Draft[]): unknown {
    const least = typeof schema['minItems'] === 'number' ? schema['minItems'] : 1;
    const item = schema['items'] === undefined ? 'text' : this.value(schema['items'], depth + 1, above);
    if (item === NONE) return [];
    const count = Math.min(Math.max(1, least), MOST_ITEMS);
    return Array.from({ length: schema['maxItems'] === 0 ? 0 : count }, () => item);
  }
}

/** Of what both say, the second counts; properties and required names add up. */
function joined(left: Draft, right: Draft): Draft {
  const required = [...asList(left['required']), ...asList(right['required'])];
  const properties = { ...asRecord(left['properties']), ...asRecord(right['properties']) };
  return {
    ...left,
    ...right,
    ...(required.length > 0 && { required }),
    ...(Object.keys(properties).length > 0 && { properties }),
  };
}

/** OpenAPI 3.1 lists types; where none is written, other keys say which it is. */
function typeOf(schema: Draft): string {
  const { type } = schema;
  const written = asList(Array.isArray(type) ? type : [type]).filter((each) => typeof each === 'string');
  const first = written.find((each) => each !== 'null') ?? written[0];
  if (typeof first === 'string') return first;
  if ('properties' in schema || 'additionalProperties' in schema) return 'object';
  if ('items' in schema) return 'array';
  return 'minimum' in schema || 'maximum' in schema ? 'number' : 'string';
}

function scalarOf(type: string, schema: Draft): unknown {
  if (type === 'boolean') return true;
  if (type === 'null') return null;
  return type === 'integer' || type === 'number' ? numberIn(schema) : textFor(schema);
}

const number = (value: unknown): number | undefined => {
  const double = asDoubles(value);
  return typeof double === 'number' && Number.isFinite(double) ? double : undefined;
};

/** 1 where it may be, else the least or the greatest that may be. */
function numberIn({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: Draft): number {
  const step = number(multipleOf) ?? 1;
  const lows = [
    number(minimum) === undefined ? undefined : (number(minimum) ?? 0) + (exclusiveMinimum === true ? step : 0),
    plus(number(exclusiveMinimum), step),
  ];
  const highs = [
    number(maximum) === undefined ? undefined : (number(maximum) ?? 0) - (exclusiveMaximum === true ? step : 0),
    plus(number(exclusiveMaximum), -step),
  ];
  const low = Math.max(...lows.map((each) => each ?? Number.NEGATIVE_INFINITY));
  const high = Math.min(...highs.map((each) => each ?? Number.POSITIVE_INFINITY));
  const wanted = Math.min(Math.max(step, low), high);
  const fitting = Math.ceil(wanted / step) * step;
  return fitting <= high ? Number(fitting.toPrecision(12)) : wanted;
}

const plus = (value: number | undefined, step: number): number | undefined =>
  value === undefined ? undefined : value + step;

/** JSON Schema 2020-12 validation §7.3, and what OpenAPI adds. */
const FORMATS: Readonly<Record<string, string>> = {
  date: '2026-01-15',
  'date-time': '2026-01-15T12:00:00Z',
  time: '12:00:00Z',
  duration: 'PT1H',
  email: 'user@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  'uri-reference': '/',
  uuid: '3fa85f64-5717-4562-b3fc-2c963f66afa6',
  guid: '3fa85f64-5717-4562-b3fc-2c963f66afa6',
  byte: 'dGV4dA==',
  password: 'Passw0rd!',
};

function textFor(schema: Draft): string {
  const pattern = asText(schema['pattern']);
  const like = pattern === undefined ? undefined : textLike(pattern);
  if (like !== undefined) return like;
  const known = FORMATS[asText(schema['format']) ?? ''];
  if (known !== undefined) return known;
  const least = typeof schema['minLength'] === 'number' ? Math.min(schema['minLength'], 1000) : 0;
  const most = typeof schema['maxLength'] === 'number' ? schema['maxLength'] : Number.POSITIVE_INFINITY;
  return 'text'.repeat(Math.max(1, Math.ceil(least / 4))).slice(0, Math.max(least, Math.min(4, most)));
}
