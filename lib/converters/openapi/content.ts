import { asList, asRecord, asText, type Draft } from '../../plan/draft.ts';
import { rewrittenJson, type Rewrite } from '../building/body.ts';
import { literal } from '../building/names.ts';
import type { Notes } from '../building/notes.ts';
import type { Pair, PartInput, RequestBody } from '../building/request.ts';
import type { Operation } from './operations.ts';
import { exampleOf, sampleOf, type SampleOptions } from './sample.ts';

/** What an operation sends, with the headers that say what it is. */
export interface RequestContent {
  readonly body?: RequestBody;
  readonly headers: readonly Pair[];
}

/** What is written first is sent where there are several. */
const ORDER: readonly RegExp[] = [
  /^application\/json(?:;|$)/i,
  /[/+]json(?:;|$)/i,
  /x-www-form-urlencoded/i,
  /multipart/i,
  /^text\//i,
];

/** The body of an operation, from its example or made up from its schema. */
export function contentOf(
  operation: Operation,
  options: SampleOptions,
  rewrite: Rewrite,
  notes: Notes,
): RequestContent {
  const media = options.document.major === 2 ? swaggerMedia(operation, options) : mediaOf(operation, options);
  if (media === undefined) return { headers: [] };
  const { type, schema, example } = media;
  const value = example ?? sampleOf(schema, options);
  if (/json/i.test(type) || type === '*/*')
    return { body: { json: rewrittenJson(value, rewrite) }, headers: typed(type) };
  if (/x-www-form-urlencoded/i.test(type)) return { body: { form: fieldsOf(value, rewrite) }, headers: [] };
  if (/multipart/i.test(type)) return { body: { multipart: partsOf(value, schema, options, rewrite) }, headers: [] };
  if (typeof value === 'string' && !/xml/i.test(type))
    return { body: { raw: rewrite('', value) }, headers: typed(type) };
  if (typeof example === 'string') return { body: { raw: rewrite('', example) }, headers: typed(type) };
  notes.changed(operation.line, `a body of ${type.slice(0, 60)} is not made up; the step sends none`);
  return { headers: [] };
}

const typed = (type: string): Pair[] => (/^application\/json$|\*/i.test(type) ? [] : [['content-type', type]]);

interface Media {
  readonly type: string;
  readonly schema: unknown;
  readonly example: unknown;
}

const rank = ([type]: [string, unknown]): number => {
  const at = ORDER.findIndex((each) => each.test(type));
  return at < 0 ? ORDER.length : at;
};

function mediaOf({ written }: Operation, { document }: SampleOptions): Media | undefined {
  const content = Object.entries(asRecord(document.resolved(written['requestBody'])['content']));
  const [first] = content.toSorted((a, b) => rank(a) - rank(b));
  if (first === undefined) return undefined;
  const media = asRecord(first[1]);
  return { type: first[0], schema: media['schema'], example: exampleOf(media, document) };
}

/** Swagger 2.0 has bodies among the parameters. */
function swaggerMedia({ parameters, written }: Operation, { document }: SampleOptions): Media | undefined {
  const types = asList(written['consumes'] ?? document.root['consumes']).flatMap((each) => asText(each) ?? []);
  const body = parameters.find((each) => each.in === 'body');
  if (body !== undefined)
    return {
      type: types.find((each) => /json/i.test(each)) ?? types[0] ?? 'application/json',
      schema: body.written['schema'],
      example: undefined,
    };
  const fields = parameters.filter((each) => each.in === 'formData');
  if (fields.length === 0) return undefined;
  const isMultipart =
    types.some((each) => /multipart/i.test(each)) || fields.some(({ written: each }) => each['type'] === 'file');
  const properties = Object.fromEntries(
    fields.map((each) => [
      each.name,
      each.written['type'] === 'file' ? { type: 'string', format: 'binary' } : each.written,
    ]),
  );
  const required = fields.flatMap((each) => (each.required ? each.name : []));
  return {
    type: isMultipart ? 'multipart/form-data' : 'application/x-www-form-urlencoded',
    schema: { type: 'object', properties, required },
    example: undefined,
  };
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value);

const fieldsOf = (value: unknown, rewrite: Rewrite): Pair[] =>
  Object.entries(asRecord(value)).flatMap(([name, each]) =>
    (Array.isArray(each) ? each : [each]).map((item): Pair => [literal(name), rewrite(name, textOf(item))]),
  );

function partsOf(
  value: unknown,
  schema: unknown,
  { document }: SampleOptions,
  rewrite: Rewrite,
): [string, PartInput][] {
  const properties = asRecord(document.resolved(schema)['properties']);
  return Object.entries(asRecord(value)).map(([name, each]) => {
    const property: Draft = document.resolved(properties[name]);
    const isFile = property['format'] === 'binary' || property['contentMediaType'] !== undefined;
    if (isFile) return [literal(name), { text: 'text', type: 'application/octet-stream' }];
    return [
      literal(name),
      typeof each === 'object' && each !== null
        ? { text: rewrite(name, textOf(each)), type: 'application/json' }
        : rewrite(name, textOf(each)),
    ];
  });
}
