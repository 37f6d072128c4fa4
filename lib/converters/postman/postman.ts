import { asRecord, asText, type Draft } from '../../plan/draft.ts';
import type { HttpInput } from '../../plan/steps/schemas/request.ts';
import type { PlanInput } from '../../plan/schema.ts';
import { PlimsollError } from '../../errors.ts';
import type { Conversion, Converter, ConvertOptions, Script } from '../converter.ts';
import { type LocatedDocument, parseLocatedJson } from '../building/located-json.ts';
import { nameOf, UniqueNames } from '../building/names.ts';
import { firstRequests, Notes } from '../building/notes.ts';
import { finished } from '../building/plan.ts';
import { type Pair, scriptStep } from '../building/request.ts';
import { Secrets } from '../building/secrets.ts';
import { unknownNames } from '../building/variables.ts';
import { addressIn, keyedPairs, type PostmanAddress } from './address.ts';
import { authOf } from './auth.ts';
import { postmanBody } from './body.ts';
import { itemsOf, type Item } from './items.ts';
import { scriptCaptures } from './scripts.ts';
import { PostmanVariables } from './variables.ts';

/** A Postman collection, version 2.0 or 2.1 (https://schema.postman.com); `--environment` names an exported environment. */
export const postman: Converter = {
  name: 'Postman collection',
  recognises: ({ text }) =>
    /^[\s\uFEFF]*\{/.test(text) &&
    (/"item"\s*:\s*\[/.test(text)
      ? /"info"\s*:\s*\{/.test(text)
      : /"requests"\s*:\s*\[/.test(text) && /"order"\s*:\s*\[/.test(text)),
  convert: convertCollection,
};

async function convertCollection({ text }: Script, options: ConvertOptions): Promise<Conversion> {
  const document = parseLocatedJson(text);
  const root = asRecord(document.value);
  const collection = asRecord(root['collection'] ?? root);
  if (!Array.isArray(collection['item']))
    throw new PlimsollError(
      'E-SCRIPT-REFUSED',
      'It is a collection of version 1; export it again from Postman as v2.1.',
    );
  return new CollectionBuilder(document, collection, options).conversion();
}

interface Placed {
  readonly item: Item;
  readonly address: PostmanAddress;
}

class CollectionBuilder {
  readonly #notes = new Notes();
  readonly #secrets = new Secrets();
  readonly #variables = new PostmanVariables(this.#notes, this.#secrets);
  readonly #files: Record<string, Uint8Array> = {};
  readonly #document: LocatedDocument;
  readonly #collection: Draft;
  readonly #options: ConvertOptions;

  constructor(document: LocatedDocument, collection: Draft, options: ConvertOptions) {
    this.#document = document;
    this.#collection = collection;
    this.#options = options;
  }

  async conversion(): Promise<Conversion> {
    if (this.#options.environment !== undefined)
      this.#variables.learn(await this.#environment(this.#options.environment));
    this.#variables.learn(this.#collection['variable']);
    const all = itemsOf(this.#collection, (node) => this.#document.lineOf(node), this.#notes);
    const items = firstRequests(all, this.#notes);
    for (const name of items.flatMap(({ script }) => [...script.captures.keys()])) this.#variables.captured.add(name);
    const placed = items.map((item) => ({ item, address: addressIn(item.request['url'], this.#variables) }));
    const target = mostCommon(placed.flatMap(({ address }) => address.origin ?? []));
    if (target === undefined)
      this.#notes.changed(undefined, 'the collection names no host: give --target, or write target into the plan');
    const scenarios = await this.#scenarios(placed, target);
    if (scenarios.length === 0)
      throw new PlimsollError('E-SCRIPT-REFUSED', 'It holds no request that a plan could send.');
    if (this.#variables.captured.size > 0)
      this.#notes.changed(undefined, 'where a reply lacks what is captured its journey ends, and Postman goes on');
    this.#notes.changed(undefined, 'a collection has no load: one user for a minute, until the phases say more');
    const plan: PlanInput = {
      name: nameOf(asText(asRecord(this.#collection['info'])['name']) ?? '', 'collection'),
      ...(target !== undefined && { target }),
      onFail: 'next',
      redirects: 'follow',
      scenarios,
      phases: [{ name: 'one user', kind: 'sustained', duration: '1m', closed: { users: 1 } }],
    };
    const unknown = unknownNames(plan).map((name) => [name, this.#variables.used.get(name) ?? name] as const);
    const variables = unknown.length === 0 ? {} : { variables: Object.fromEntries(unknown) };
    return finished({
      plan: { ...plan, ...variables },
      files: this.#files,
      notes: this.#notes,
      secrets: this.#secrets,
    });
  }

  async #environment(path: string): Promise<unknown> {
    const bytes = await this.#options.read(path).catch((error: unknown) => {
      throw new PlimsollError('E-SCRIPT-REFUSED', `The environment ${path} can't be read.`, [], error);
    });
    return asRecord(parseLocatedJson(new TextDecoder().decode(bytes)).value)['values'];
  }

  /** A scenario a folder; all are one where a folder needs what another has captured. */
  async #scenarios(placed: readonly Placed[], target: string | undefined): Promise<PlanInput['scenarios']> {
    const whole = asText(asRecord(this.#collection['info'])['name']) ?? '';
    const groups = Map.groupBy(placed, ({ item }) => item.folders[0] ?? whole);
    const folders: { name: string; steps: HttpInput[] }[] = [];
    for (const [folder, group] of groups) {
      const names = new UniqueNames();
      const steps: HttpInput[] = [];
      for (const each of group) {
        const step = await this.#step(each, target, names);
        if (step !== undefined) steps.push(step);
      }
      if (steps.length > 0) folders.push({ name: nameOf(folder, 'collection'), steps });
    }
    if (folders.length < 2 || !this.#needEachOther(folders)) return uniquelyNamed(folders);
    const names = new UniqueNames();
    const steps = folders.flatMap(({ steps: own }) =>
      own.map((step) => ({ ...step, ...(step.name !== undefined && { name: names.of(step.name) }) })),
    );
    return [{ name: nameOf(whole, 'collection'), steps }];
  }

  #needEachOther(folders: PlanInput['scenarios']): boolean {
    const captured = new Set(
      folders.flatMap(({ steps }) =>
        steps.flatMap((step) => ('capture' in step ? Object.keys(step.capture ?? {}) : [])),
      ),
    );
    return unknownNames({ name: '', scenarios: folders }).some((name) => captured.has(name));
  }

  async #step(
    { item, address }: Placed,
    target: string | undefined,
    names: UniqueNames,
  ): Promise<HttpInput | undefined> {
    const { request, line, script } = item;
    const context = { variables: this.#variables, secrets: this.#secrets, notes: this.#notes };
    const { body, type } = await postmanBody(request['body'], line, {
      ...context,
      read: (path) => this.#options.read(path),
      files: this.#files,
    });
    const auth = authOf(item.auth, line, context);
    const headers = keyedPairs(request['header']).map((each) => this.#header(each, line));
    const method = asText(request['method'])?.trim() ?? '';
    const typed: Pair[] = type === undefined ? [] : [['content-type', type]];
    const step = {
      line,
      name: names.of(nameOf([...item.folders.slice(1), item.name].join(' / '), 'request')),
      method: method === '' ? 'GET' : method,
      address: this.#address(address, target, line),
      query: [...address.query.map((each) => this.#field(each, line)), ...auth.query],
      headers: withDefaults(headers, [...auth.headers, ...typed]),
      body,
      capture: scriptCaptures(script),
      expect: { status: statusOf(script.statuses) },
    };
    return scriptStep(step, this.#notes);
  }

  #address({ origin, path }: PostmanAddress, target: string | undefined, line: number | undefined): string {
    const isElsewhere = origin !== undefined && origin !== target;
    if (isElsewhere) this.#notes.noted(line, `requests to ${origin} need that host on the allow-list`);
    const address = `${isElsewhere ? origin : ''}${this.#variables.text(path, line)}`;
    return address === '' ? '/' : address;
  }

  #field([name, value]: Pair, line: number | undefined): Pair {
    const text = this.#secrets.hideIfSecret(name, value) ?? this.#variables.text(value, line);
    return [this.#variables.text(name, line), text];
  }

  #header([name, value]: Pair, line: number | undefined): Pair {
    const key = this.#variables.text(name, line);
    if (value.includes('{{')) return [key, this.#variables.text(value, line)];
    if (/^(?:authorization|proxy-authorization)$/i.test(name)) return [key, this.#secrets.hideCredentials(name, value)];
    return [key, this.#secrets.hideIfSecret(name, value) ?? value];
  }
}

function uniquelyNamed(scenarios: PlanInput['scenarios']): PlanInput['scenarios'] {
  const names = new UniqueNames();
  return scenarios.map((scenario) => ({ ...scenario, name: names.of(scenario.name) }));
}

/** What a request says itself wins. */
function withDefaults(headers: readonly Pair[], others: readonly Pair[]): Pair[] {
  const own = new Set(headers.map(([name]) => name.toLowerCase()));
  return [...headers, ...others.filter(([name]) => !own.has(name.toLowerCase()))];
}

const statusOf = (statuses: readonly number[]): number | number[] | undefined => {
  const different = [...new Set(statuses)];
  return different.length > 1 ? different : different[0];
};

/** The first of those that stand most often. */
const mostCommon = (texts: readonly string[]): string | undefined =>
  [...Map.groupBy(texts, (text) => text)].toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0];
