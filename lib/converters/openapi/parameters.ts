import { asRecord, asText, type Draft } from '../../plan/draft.ts';
import { literal, variableNameOf, wordsOf } from '../building/names.ts';
import type { Notes } from '../building/notes.ts';
import type { Pair } from '../building/request.ts';
import type { Secrets } from '../building/secrets.ts';
import { exampleOf, sampleOf, type SampleOptions } from './sample.ts';
import type { Operation, Parameter } from './operations.ts';

/** What a variable that stands for a path parameter holds. */
interface VariableValue {
  readonly value: string | number;
  readonly line: number | undefined;
  readonly isMadeUp: boolean;
}

/** What the parameters of operations become, and the variables that they need. */
export class Parameters {
  readonly #options: SampleOptions;
  readonly #notes: Notes;
  readonly #secrets: Secrets;
  /** Values of the variables that stand for path parameters; made up where no example is given. */
  readonly #variables = new Map<string, VariableValue>();

  constructor(options: SampleOptions, notes: Notes, secrets: Secrets) {
    this.#options = options;
    this.#notes = notes;
    this.#secrets = secrets;
  }

  /** The path with a variable for each parameter: `/pets/{{ petId }}`. */
  path(operation: Operation): string {
    const segments = operation.path.split('/');
    return segments
      .map((segment, at) =>
        segment
          .split(/(\{[^{}]+\})/)
          .map((piece) =>
            /^\{[^{}]+\}$/.test(piece)
              ? `{{ ${this.variable(operation, piece.slice(1, -1), segments[at - 1] ?? '')} }}`
              : literal(piece),
          )
          .join(''),
      )
      .join('/');
  }

  /** The variable of a path parameter; `before` is the part of the path before it, which names what `id` is of. */
  variable(operation: Operation, name: string, before: string): string {
    const variable = variableFor(name, before);
    if (this.#variables.has(variable)) return variable;
    const parameter = operation.parameters.find((each) => each.in === 'path' && each.name === name);
    const { value, isMadeUp } = this.#value(parameter?.written ?? {});
    const scalar = typeof value === 'number' ? value : textOf(value).replaceAll(/[{}]/g, '') || name;
    this.#variables.set(variable, { value: scalar, isMadeUp, line: operation.line });
    return variable;
  }

  /** Of a variable that nothing gives a value, its name is one. */
  valueOf(name: string): VariableValue {
    return this.#variables.get(name) ?? { value: name, line: undefined, isMadeUp: true };
  }

  query(operation: Operation): Pair[] {
    const required = operation.parameters.filter((each) => each.in === 'query' && each.required);
    const optional = operation.parameters.filter((each) => each.in === 'query' && !each.required);
    if (optional.length > 0) this.#notes.noted(operation.line, 'parameters that need not be given are left out');
    return required.flatMap((each) => this.#pairs(each));
  }

  headers(operation: Operation): Pair[] {
    const required = operation.parameters.filter((each) => each.required);
    const headers = required.filter(
      (each) => each.in === 'header' && !/^(?:accept|content-type|authorization)$/i.test(each.name),
    );
    const cookies = required.filter((each) => each.in === 'cookie');
    return [
      ...headers.map((each): Pair => [
        each.name,
        this.#text(each.name, joinedWith(',', this.#value(each.written).value)),
      ]),
      ...cookies.map((each): Pair => [
        'cookie',
        `${each.name}=${this.#text(each.name, textOf(this.#value(each.written).value))}`,
      ]),
    ];
  }

  #text(name: string, value: string): string {
    return this.#secrets.hideIfSecret(name, value) ?? literal(value);
  }

  #value(written: Draft): { value: unknown; isMadeUp: boolean } {
    const { document } = this.#options;
    const schema =
      written['schema'] ??
      Object.values(asRecord(written['content'])).map((media) => asRecord(media)['schema'])[0] ??
      written;
    const given = exampleOf(written, document) ?? exampleOf(document.resolved(schema), document);
    return given === undefined || given === null
      ? { value: sampleOf(schema, this.#options), isMadeUp: true }
      : { value: given, isMadeUp: false };
  }

  /** By style and explode (OpenAPI 3.1 §4.8.12.3); of Swagger 2.0 by collectionFormat. */
  #pairs({ name, written }: Parameter): Pair[] {
    const { value } = this.#value(written);
    const pair = (key: string, each: unknown): Pair => [literal(key), this.#text(key, textOf(each))];
    if (Array.isArray(value)) {
      const delimiter = delimiterOf(written, this.#options.document.major);
      return delimiter === undefined
        ? value.map((each) => pair(name, each))
        : [pair(name, joinedWith(delimiter, value))];
    }
    if (typeof value !== 'object' || value === null) return [pair(name, value)];
    if (written['content'] !== undefined) return [pair(name, JSON.stringify(value))];
    const isDeep = written['style'] === 'deepObject';
    return Object.entries(value).map(([key, each]) => pair(isDeep ? `${name}[${key}]` : key, each));
  }
}

/** `id` says nothing of whose it is: `/pets/{id}` has the petId. */
function variableFor(name: string, before: string): string {
  const isVague = /^(?:_?id|uuid|guid|name|key|slug|code|number)$/i.test(name);
  const resource = wordsOf(before.replace(/ies$/, 'y').replace(/(?<!s)s$/, ''));
  if (!isVague || resource.length === 0) return variableNameOf(name);
  return [...resource, ...wordsOf(name)]
    .map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('')
    .replace(/^(?=\d)/, 'v');
}

const DELIMITERS: Readonly<Record<string, string>> = {
  spaceDelimited: ' ',
  pipeDelimited: '|',
  ssv: ' ',
  tsv: '\t',
  pipes: '|',
  csv: ',',
};

/** Undefined: each item is a parameter of its own. */
function delimiterOf({ style, explode, collectionFormat }: Draft, major: 2 | 3): string | undefined {
  if (major === 2)
    return collectionFormat === 'multi' ? undefined : (DELIMITERS[asText(collectionFormat) ?? 'csv'] ?? ',');
  const known = DELIMITERS[asText(style) ?? ''];
  return explode === false ? (known ?? ',') : known;
}

const joinedWith = (delimiter: string, value: unknown): string =>
  Array.isArray(value) ? value.map(textOf).join(delimiter) : textOf(value);

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value);
