import { asList, asRecord, asText } from '../../plan/draft.ts';
import { environmentNameOf, variableNameOf } from '../building/names.ts';
import type { Notes } from '../building/notes.ts';
import { isSecretName, isSecretValue, type Secrets } from '../building/secrets.ts';

const VARIABLE = /\{\{\s*([^{}]*?)\s*\}\}/g;
const NESTED = /\{\{([^{}]*)\{\{([^{}]*)\}\}/g;
/** Variables in variables beyond this lead in a circle. */
const DEEPEST = 5;

/** What a plan has of Postman's own; others are made up of letters. */
const DYNAMIC: Readonly<Record<string, string>> = {
  $guid: '{{ $uuid }}',
  $randomUUID: '{{ $uuid }}',
  $timestamp: '{{ $now }}',
  $randomInt: '{{ $randomInt(0, 1000) }}',
  $randomEmail: '{{ $randomString(8) }}@example.com',
  $randomBoolean: '{{ $pick(true, false) }}',
};

interface Value {
  readonly text: string;
  readonly isSecret: boolean;
}

/** The variables of a collection and its environment, and what a plan says for them. */
export class PostmanVariables {
  readonly #values = new Map<string, Value>();
  readonly #notes: Notes;
  readonly #secrets: Secrets;
  /** Names that a script sets from a reply. */
  readonly captured = new Set<string>();
  /** The plan's own, by the names that it has for them. */
  readonly used = new Map<string, string>();

  constructor(notes: Notes, secrets: Secrets) {
    this.#notes = notes;
    this.#secrets = secrets;
  }

  /** Lists of `{ key, value }`; what was learned before wins. */
  learn(written: unknown): void {
    for (const each of asList(written).map(asRecord)) {
      const key = asText(each['key']) ?? asText(each['id']) ?? '';
      const isOff = each['disabled'] === true || each['enabled'] === false;
      if (key === '' || isOff || this.#values.has(key)) continue;
      this.#values.set(key, { text: plainText(each['value']), isSecret: each['type'] === 'secret' });
    }
  }

  /** A text with `{{ }}` as a plan has it. */
  text(written: string, line: number | undefined): string {
    return this.#flat(written)
      .replaceAll(VARIABLE, (_, name: string) => this.#template(name, line))
      .replaceAll(/\{\{(?!\s*[\w$"])/g, '{ {');
  }

  /** A text with the values themselves, as far as they are known: of hosts, for which no template can stand. */
  resolved(written: string, depth = 0): string {
    return written.replaceAll(VARIABLE, (whole, name: string) => {
      const value = this.#values.get(name);
      return value === undefined || value.text === '' || this.captured.has(name) || depth >= DEEPEST
        ? whole
        : this.resolved(value.text, depth + 1);
    });
  }

  /** JSON whose bare `{{ n }}` become texts that keep what they hold. */
  json(written: string, line: number | undefined): string {
    const pieces = this.#flat(written).split(/("(?:[^"\\]|\\.)*")/s);
    return pieces
      .map((piece, at) => {
        if (at % 2 === 1)
          return piece.replaceAll(VARIABLE, (_, name: string) =>
            this.#template(name, line).replaceAll('"', String.raw`\"`),
          );
        return piece.replaceAll(
          VARIABLE,
          (_, name: string) =>
            `"${this.#template(name, line).replace(/^(\{\{ [A-Za-z_][\w.-]*) \}\}$/, '$1 | raw }}')}"`,
        );
      })
      .join('');
  }

  /** Of `{{ name{{ i }} }}` the inner one by its value, since no name of a plan is made up while it runs. */
  #flat(written: string): string {
    let text = written.toWellFormed();
    for (let depth = 0; depth < DEEPEST && text.search(NESTED) >= 0; depth += 1)
      text = text.replaceAll(
        NESTED,
        (_, before: string, name: string) =>
          `{{${before}${this.#values.get(name.trim())?.text.replaceAll(/[{}]/g, '') ?? name.trim()}`,
      );
    return text.replaceAll(/\{(?=\{\{)/g, '{ ').replaceAll(/(?<=\}\})\}/g, ' }');
  }

  #template(name: string, line: number | undefined): string {
    if (name.startsWith('$')) return this.#dynamic(name, line);
    const value = this.#values.get(name);
    const text = value?.text ?? '';
    if (this.captured.has(name)) return this.#use(name, text);
    if (text.includes('{{')) return this.text(this.resolved(text, 1), line);
    if (value?.isSecret === true || isSecret(name, text))
      return text === '' ? this.#secrets.variable(environmentNameOf(name)) : this.#secrets.hide(name, text);
    if (value === undefined)
      this.#notes.changed(line, `${name.slice(0, 60)} has no value here: fill it in among the variables`);
    return this.#use(name, text);
  }

  #use(name: string, value: string): string {
    const own = variableNameOf(name);
    this.used.set(own, value === '' ? own : value.replaceAll('{{', '{ {').toWellFormed());
    return `{{ ${own} }}`;
  }

  #dynamic(name: string, line: number | undefined): string {
    if (name === '$timestamp') this.#notes.changed(line, '{{$timestamp}} is in milliseconds');
    const known = Object.hasOwn(DYNAMIC, name) ? DYNAMIC[name] : undefined;
    if (known !== undefined) return known;
    this.#notes.changed(line, `{{${name.slice(0, 40)}}} is eight letters and digits by chance`);
    return '{{ $randomString(8) }}';
  }
}

/** `tokenUrl` is an address. */
const isSecret = (name: string, value: string): boolean =>
  (isSecretName(name) || isSecretValue(value)) && !/url$/i.test(name);

const plainText = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
