import { formDecoded, plainJson, rewrittenJson } from '../building/body.ts';
import type { Notes } from '../building/notes.ts';
import type { Pair, PartInput, RequestBody } from '../building/request.ts';
import type { Secrets } from '../building/secrets.ts';
import type { JmeterTexts } from './texts.ts';
import type { XmlNode } from './tree.ts';

export interface SamplerContext {
  readonly texts: JmeterTexts;
  readonly secrets: Secrets;
  readonly notes: Notes;
  readonly read: (path: string) => Promise<Uint8Array>;
  readonly files: Record<string, Uint8Array>;
}

/** The property of the sampler, else that of the nearest request defaults. */
export const propertyOf = (layers: readonly XmlNode[], name: string): string =>
  layers.map((layer) => layer.value(`HTTPSampler.${name}`)).find((value) => value !== '') ?? '';

export interface SamplerAddress {
  /** Undefined where the host is known only while it runs, or nowhere. */
  readonly origin: string | undefined;
  readonly path: string;
}

/** Where a sampler sends to; its path may be a whole URL. */
export function samplerAddress(layers: readonly XmlNode[], texts: JmeterTexts): SamplerAddress {
  const path = propertyOf(layers, 'path').trim();
  const whole = texts.constant(path) ?? path;
  const [, head, rest = ''] = /^(https?:\/\/[^/?#]+)(.*)$/is.exec(whole) ?? [];
  if (head !== undefined) return { origin: originOf(head), path: rest };
  const host = texts.constant(propertyOf(layers, 'domain').trim());
  const protocol = texts.constant(propertyOf(layers, 'protocol')) || 'http';
  const port = texts.constant(propertyOf(layers, 'port').trim()) || '';
  if (host === undefined || host === '') return { origin: undefined, path };
  const origin = originOf(
    host.includes('://') ? host : `${protocol.toLowerCase()}://${host}${/^\d+$/.test(port) ? `:${port}` : ''}`,
  );
  return { origin, path };
}

const originOf = (text: string): string | undefined =>
  URL.canParse(text) && /^https?:/i.test(text) ? new URL(text).origin : undefined;

interface Argument {
  readonly name: string;
  readonly value: string;
  /** JMeter sends it as it stands in a query or a form. */
  readonly isEncoded: boolean;
}

function argumentsOf(layer: XmlNode): Argument[] {
  const list = layer.property('HTTPsampler.Arguments');
  return (list?.items('Arguments.arguments') ?? []).map((each) => ({
    name: each.value('Argument.name'),
    value: each.value('Argument.value'),
    isEncoded: !each.isTrue('HTTPArgument.always_encode'),
  }));
}

/** The query and the body of a sampler, from its arguments and files. */
export async function contentOfSampler(
  layers: readonly XmlNode[],
  method: string,
  line: number,
  context: SamplerContext,
): Promise<{ query: Pair[]; body?: RequestBody | undefined }> {
  const [own] = layers;
  const args = layers.flatMap(argumentsOf);
  const field = ({ name, value }: Argument): Pair => [
    context.texts.text(name, line),
    context.secrets.hideIfSecret(name, value.includes('${') ? '' : value) ?? context.texts.text(value, line),
  ];
  const sentField = ({ name, value, isEncoded }: Argument): Pair =>
    field({ name, value: isEncoded ? formDecoded(value) : value, isEncoded });
  const files = await partsOf(own, line, context);
  const isRaw =
    own?.isTrue('HTTPSampler.postBodyRaw') === true || (args.length > 0 && args.every(({ name }) => name === ''));
  const whole = args.length === 0 ? wholeFile(files) : undefined;
  if (whole !== undefined) return { query: [], body: whole };
  if (files.length > 0 || own?.isTrue('HTTPSampler.DO_MULTIPART_POST') === true)
    return {
      query: [],
      body: {
        multipart: [...args.filter(({ name }) => name !== '').map(field), ...files.filter(([name]) => name !== '')],
      },
    };
  if (isRaw) return { query: [], body: rawBody(args.map(({ value }) => value).join(''), line, context) };
  const pairs = args.filter(({ name }) => name !== '').map(sentField);
  return /^(?:POST|PUT|PATCH)$/i.test(method)
    ? { query: [], ...(pairs.length > 0 && { body: { form: pairs } }) }
    : { query: pairs };
}

/** A file without a name is the whole body. */
function wholeFile([first]: readonly (readonly [string, PartInput])[]): RequestBody | undefined {
  const [name, part] = first ?? [];
  return name === '' && typeof part === 'object' && 'file' in part ? { file: part.file } : undefined;
}

function rawBody(text: string, line: number, { texts, secrets }: SamplerContext): RequestBody | undefined {
  if (text.trim() === '') return undefined;
  const json = plainJson(texts.json(text, line));
  if (json === undefined) {
    secrets.hideWithin(text);
    return { raw: texts.text(text, line) };
  }
  return { json: rewrittenJson(json.value, (name, value) => secrets.hideIfSecret(name, value) ?? value) };
}

async function partsOf(
  own: XmlNode | undefined,
  line: number,
  { texts, read, files, notes }: SamplerContext,
): Promise<[string, PartInput][]> {
  const parts: [string, PartInput][] = [];
  for (const each of own?.property('HTTPsampler.Files')?.items('HTTPFileArgs.files') ?? []) {
    const path = texts.constant(each.value('File.path')) ?? '';
    const name = (path.split(/[\\/]/).at(-1) ?? '').replaceAll(/[^\w.-]+/g, '_').replace(/^\.+/, '') || 'file.bin';
    if (!Object.hasOwn(files, name)) {
      const bytes = path === '' ? undefined : await read(path).catch(() => undefined);
      if (bytes === undefined)
        notes.changed(line, `the file ${name} is not there: one word stands for it, put it beside the plan`);
      files[name] = bytes ?? Buffer.from('file');
    }
    const type = texts.constant(each.value('File.mimetype')) ?? '';
    parts.push([
      texts.text(each.value('File.paramname'), line),
      { file: name, ...(/^[\w.+-]+\/[\w.+-]+$/.test(type) && { type }) },
    ]);
  }
  return parts;
}
