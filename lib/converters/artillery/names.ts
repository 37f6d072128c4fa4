import type { Path } from '../../document/problems.ts';
import { isReference } from '../../plan/name.ts';
import type { Processor } from './processor.ts';
import type { Remarks } from './remarks.ts';

/** Where a text stands in the plan: what a template is written like depends on it. */
export type Place = 'path' | 'text' | 'json';

/** What a name of the script stands for in the plan. */
export interface Meaning {
  /** The plan's reference, such as `users.email`; or, with `inline`, a text of the plan that takes the template's place. */
  readonly as: string;
  readonly inline?: true;
  /** Every value is a number, which a CSV file holds as letters. */
  readonly numeric?: boolean;
  /** Where some values are numbers and others are not: what holds each as JSON. */
  readonly asJson?: string;
  /** Values that are known before the run. */
  readonly values?: readonly unknown[];
}

/** As Artillery's engine_util finds them: first a call, else names and paths of lodash. */
const TEMPLATE = /\{\{\{?([^{}]*)\}\}\}?/g;
const ONE_TEMPLATE = new RegExp(`^(?:${TEMPLATE.source})$`);
const CALL = /^\s*(\$[A-Za-z0-9_]+)\s*\(\s*([A-Za-z0-9_,\s]*)\s*\)\s*$/;
const NAME = /^[\s$\w.[\]'"-]+$/;

/** What Artillery writes where a name has no value. */
const NOTHING = 'undefined';

const RESERVED_IN_PATHS = /[/?#&=]/;
const OF_URLS = /^[\w\-.~:/?@!$&'()*+,;=%[\]]*$/;

interface Settings {
  readonly remarks: Remarks;
  readonly environment: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly processor: Processor;
}

/** The names that a script's templates may use, and how its texts are written in the plan. */
export class VariableNames {
  readonly #settings: Settings;
  readonly #outer: VariableNames | undefined;
  readonly #known = new Map<string, Meaning>();

  constructor(settings: Settings, outer?: VariableNames) {
    this.#settings = settings;
    this.#outer = outer;
  }

  /** What is known inside, but not after it. */
  inner(): VariableNames {
    return new VariableNames(this.#settings, this);
  }

  know(name: string, meaning: Meaning): void {
    this.#known.set(name, meaning);
    if (meaning.inline !== true) this.#settings.processor.knows(name, meaning.as);
  }

  meaningOf(name: string): Meaning | undefined {
    return this.#known.get(name) ?? this.#outer?.meaningOf(name);
  }

  /** A text of the script as the plan has it. */
  text(text: string, place: Place, path: Path): string {
    const isWhole = ONE_TEMPLATE.test(text);
    const head = text.startsWith('{{');
    let begun = 0;
    return text.replaceAll(TEMPLATE, (written: string, inner: string) => {
      begun += 1;
      const expression = this.#expression(place === 'path' ? encodeURI(written) : written, inner, path);
      return this.#placed(expression, { place, isWhole, isHead: head && begun === 1 });
    });
  }

  /** Any JSON of the script; keys may hold templates too. */
  json(value: unknown, path: Path): unknown {
    if (typeof value === 'string') return this.text(value, 'json', path);
    if (Array.isArray(value))
      return value.map((item, i) => (this.isNothing(item, path) ? null : this.json(item, [...path, i])));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => !this.isNothing(item, path))
        .map(([key, item]) => [this.text(key, 'text', [...path, key]), this.json(item, [...path, key])]),
    );
  }

  /** A text that is one template without a value, and nothing else: Artillery leaves such values of JSON, and such headers, out. */
  isNothing(value: unknown, path: Path): boolean {
    return typeof value === 'string' && ONE_TEMPLATE.test(value) && this.text(value, 'json', path) === NOTHING;
  }

  /** The value of a text as far as it is known before the run; undefined where it isn't. */
  fixed(value: unknown, path: Path): unknown {
    if (typeof value !== 'string' || !value.includes('{{')) return value;
    const text = this.text(value, 'text', path);
    const filled = text.replaceAll(
      /\{\{ \$env\((\w+)\) \}\}/g,
      (_, name: string) => this.#settings.env[name] ?? NOTHING,
    );
    if (filled !== text)
      this.#settings.remarks.changed(path, 'it is read from the environment when the script is converted');
    const only = /^\{\{ ([\w.[\]-]+) \}\}$/.exec(filled)?.[1];
    const values = only === undefined ? undefined : this.#valuesOf(only);
    if (values?.length === 1) return values[0];
    return filled.includes('{{') ? undefined : filled;
  }

  /** Values of a name of the plan. */
  #valuesOf(as: string): readonly unknown[] | undefined {
    for (const meaning of this.#known.values())
      if (meaning.as === as && meaning.values !== undefined) return meaning.values;
    return this.#outer?.valuesOf(as);
  }

  valuesOf(as: string): readonly unknown[] | undefined {
    return this.#valuesOf(as);
  }

  #placed(meaning: Meaning, where: { place: Place; isWhole: boolean; isHead: boolean }): string {
    if (meaning.inline === true) return meaning.as;
    const { place, isWhole, isHead } = where;
    if (place === 'json' && isWhole) return wholeJson(meaning);
    const texts = (meaning.values ?? []).map(wordOf);
    const isRaw =
      place === 'path' &&
      !isHead &&
      texts.some((text) => RESERVED_IN_PATHS.test(text)) &&
      texts.every((text) => OF_URLS.test(text));
    return `{{ ${meaning.as}${isRaw ? ' | raw' : ''} }}`;
  }

  #expression(written: string, inner: string, path: Path): Meaning {
    const call = CALL.exec(inner);
    if (call !== null) return this.#call(call[1] ?? '', call[2] ?? '', path);
    // Artillery leaves it as it stands.
    if (!NAME.test(inner)) {
      this.#settings.remarks.noted(path, `{{${inner}}} is no template of Artillery, which sends it as it stands`);
      return inline(written.replaceAll('{{', '{{ "{{" }}'));
    }
    return this.#name(inner.trim(), path);
  }

  #call(name: string, written: string, path: Path): Meaning {
    const args = written
      .split(',')
      .map((arg) => arg.trim())
      .filter((arg) => arg !== '');
    const numbers = args.map(Number);
    if (numbers.every(Number.isInteger)) {
      const [first, second] = numbers;
      // As lodash's random: 0 or 1 without a bound, and from 0 with one.
      const [from, to] = second === undefined ? [0, first ?? 1] : [first ?? 0, second];
      if (name === '$randomNumber') return { as: `$randomInt(${Math.min(from, to)}, ${Math.max(from, to)})` };
      if (name === '$randomString') return { as: `$randomString(${first ?? 10})` };
    }
    const { processor } = this.#settings;
    if (processor.mentions(name)) {
      processor.calls();
      return { as: `${name.slice(1)}(${args.join(', ')})` };
    }
    return this.#nothing(path, `Artillery has no ${name}(${args.join(', ')}), and sends ${NOTHING}`);
  }

  #name(name: string, path: Path): Meaning {
    const { environment, remarks } = this.#settings;
    const variable = /^\$(?:processEnvironment|env)\.([A-Za-z_]\w*)$/.exec(name)?.[1];
    if (variable !== undefined) return { as: `$env(${variable})` };
    if (name === '$environment') return inline(environment ?? NOTHING);
    if (name === '$uuid') {
      remarks.changed(path, '$uuid is another one in each place; Artillery has one a user');
      return { as: '$uuid' };
    }
    for (
      let end = name.length;
      end > 0;
      end = Math.max(name.lastIndexOf('.', end - 1), name.lastIndexOf('[', end - 1))
    ) {
      const meaning = this.meaningOf(name.slice(0, end));
      if (meaning === undefined) continue;
      if (end === name.length) return meaning;
      const as = meaning.as + wayOf(name.slice(end));
      if (meaning.inline !== true && isReference(as)) return { as };
    }
    return this.ofCode(name) ?? this.#nothing(path, `nothing gives ${name} a value; Artillery sends ${NOTHING}`);
  }

  /** A name that the processor may give a value. */
  ofCode(name: string): Meaning | undefined {
    const { processor } = this.#settings;
    const [root = ''] = /^[\w$-]+/.exec(name) ?? [];
    const [as, own] = [planName(root), root];
    const whole = as + wayOf(name.slice(root.length));
    if (root === '' || !processor.mentions(own) || !isReference(whole)) return undefined;
    processor.sets(own, as);
    return { as: whole };
  }

  #nothing(path: Path, what: string): Meaning {
    this.#settings.remarks.noted(path, what);
    return inline(NOTHING);
  }
}

/** A template that is the whole of a value; what a function gives is a text in Artillery, be it a number. */
function wholeJson({ as, asJson, numeric }: Meaning): string {
  if (asJson !== undefined) return `{{ ${asJson} | raw }}`;
  const isCall = /\(.*\)$/.test(as) && !as.startsWith('$env');
  return `{{ ${as}${numeric === true ? ' | raw' : ''} }}${isCall ? '{{ "" }}' : ''}`;
}

const inline = (as: string): Meaning => ({ as, inline: true });

/** `.0.name['x']` → `[0].name.x`. */
const wayOf = (way: string): string =>
  way.replaceAll(/\[(['"])([A-Za-z_][\w-]*)\1\]/g, '.$2').replaceAll(/\.(\d+)/g, '[$1]');

/** A name that a plan can have. */
export const planName = (name: string): string => {
  const fitting = name.replaceAll(/[^\w-]+/g, '_').replace(/^_+(?=[A-Za-z])/, '');
  return /^[A-Za-z_]/.test(fitting) ? fitting : `_${fitting}`;
};

/** Any value as it is shown, or as Artillery puts it into a text. */
export const wordOf = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? JSON.stringify(value)
    : `${value as string | number | boolean | null | undefined}`;
