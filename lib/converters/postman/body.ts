import { asList, asRecord, asText, type Draft } from '../../plan/draft.ts';
import { plainJson, rewrittenJson } from '../building/body.ts';
import type { Notes } from '../building/notes.ts';
import type { Pair, PartInput, RequestBody } from '../building/request.ts';
import type { Secrets } from '../building/secrets.ts';
import { keyedPairs } from './address.ts';
import type { PostmanVariables } from './variables.ts';

export interface BodyContext {
  readonly variables: PostmanVariables;
  readonly secrets: Secrets;
  readonly notes: Notes;
  readonly read: (path: string) => Promise<Uint8Array>;
  readonly files: Record<string, Uint8Array>;
}

/** What a request of a collection sends, and the type that follows from how it was written. */
export async function postmanBody(
  written: unknown,
  line: number | undefined,
  context: BodyContext,
): Promise<{ body?: RequestBody; type?: string }> {
  const body = asRecord(written);
  if (body['disabled'] === true) return {};
  const { variables } = context;
  const field = (name: string, value: string): string =>
    context.secrets.hideIfSecret(name, value) ?? variables.text(value, line);
  switch (asText(body['mode'])) {
    case 'raw':
      return rawBody(body, line, context);
    case 'urlencoded':
      return {
        body: {
          form: keyedPairs(body['urlencoded']).map(([name, value]): Pair => [
            variables.text(name, line),
            field(name, value),
          ]),
        },
      };
    case 'formdata':
      return { body: { multipart: await partsOf(body['formdata'], field, line, context) } };
    case 'graphql':
      return graphqlBody(asRecord(body['graphql']), line, context);
    case 'file':
      return { body: { file: await fileFor(asRecord(body['file'])['src'], line, context) } };
    default:
      return {};
  }
}

const LANGUAGES: Readonly<Record<string, string>> = {
  json: 'application/json',
  xml: 'application/xml',
  html: 'text/html',
  javascript: 'application/javascript',
};

function rawBody(
  body: Draft,
  line: number | undefined,
  { variables, secrets }: BodyContext,
): { body?: RequestBody; type?: string } {
  const raw = asText(body['raw']) ?? '';
  if (raw.trim() === '') return {};
  const language = asText(asRecord(asRecord(body['options'])['raw'])['language']) ?? '';
  const json = plainJson(variables.json(raw, line));
  if (json !== undefined)
    return {
      body: { json: rewrittenJson(json.value, (name, value) => secrets.hideIfSecret(name, value) ?? value) },
      type: 'application/json',
    };
  secrets.hideWithin(raw);
  return {
    body: { raw: variables.text(raw, line) },
    ...(LANGUAGES[language] !== undefined && { type: LANGUAGES[language] }),
  };
}

function graphqlBody(
  { query, variables: written }: Draft,
  line: number | undefined,
  { variables }: BodyContext,
): { body: RequestBody; type: string } {
  const given = typeof written === 'string' ? plainJson(variables.json(written, line))?.value : written;
  return {
    body: {
      json: {
        query: variables.text(asText(query) ?? '', line),
        ...(given !== undefined && given !== null && { variables: given }),
      },
    },
    type: 'application/json',
  };
}

async function partsOf(
  written: unknown,
  field: (name: string, value: string) => string,
  line: number | undefined,
  context: BodyContext,
): Promise<[string, PartInput][]> {
  const parts: [string, PartInput][] = [];
  for (const each of asList(written).map(asRecord)) {
    const key = asText(each['key']) ?? '';
    if (key === '' || each['disabled'] === true) continue;
    const name = context.variables.text(key, line);
    const type = asText(each['contentType']);
    const typed = type !== undefined && /^[\w.+-]+\/[\w.+-]+$/.test(type) ? { type } : undefined;
    if (each['type'] === 'file') parts.push([name, { file: await fileFor(each['src'], line, context), ...typed }]);
    else {
      const text = field(key, asText(each['value']) ?? '');
      parts.push([name, typed === undefined ? text : { text, ...typed }]);
    }
  }
  return parts;
}

/** The file that the collection names, beside the plan; where it can't be read, one to be filled in. */
async function fileFor(
  written: unknown,
  line: number | undefined,
  { read, files, notes }: BodyContext,
): Promise<string> {
  const source = asText(Array.isArray(written) ? written[0] : written) ?? '';
  const base = (source.split(/[\\/]/).at(-1) ?? '').replaceAll(/[^\w.-]+/g, '_').replace(/^\.+/, '');
  const name = base === '' ? 'file.bin' : base;
  if (Object.hasOwn(files, name)) return name;
  const bytes = source === '' ? undefined : await read(source).catch(() => undefined);
  if (bytes === undefined)
    notes.changed(line, `the file ${name} is not there: one word stands for it, put it beside the plan`);
  files[name] = bytes ?? Buffer.from('file');
  return name;
}
