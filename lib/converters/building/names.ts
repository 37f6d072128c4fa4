import { foreignName } from '../../document/foreign-name.ts';

const LONGEST = 80;

/** Text of a script as a name in a report: at most 80 letters. */
export const nameOf = (text: string, fallback: string): string => {
  const line = foreignName(text.replaceAll('{{', '{ {'));
  const cut = line.length > LONGEST ? `${foreignName(line.slice(0, LONGEST - 1))}…` : line;
  return cut === '' ? fallback : cut;
};

/** Names of which each is handed out once: `login`, `login 2`. */
export class UniqueNames {
  readonly #taken = new Set<string>();
  /** How often each was wanted, so that the thousandth is not counted up to again. */
  readonly #counts = new Map<string, number>();
  readonly #between: string;

  constructor(between = ' ') {
    this.#between = between;
  }

  of(wanted: string): string {
    let name = wanted;
    let count = this.#counts.get(wanted) ?? 1;
    for (; this.#taken.has(name); name = `${wanted}${this.#between}${count}`) count += 1;
    this.#counts.set(wanted, count);
    this.#taken.add(name);
    return name;
  }
}

/** A name that templates can read: letters, digits, - and _, beginning with a letter. */
export function variableNameOf(text: string): string {
  const name = text.replaceAll(/[^\w-]+/g, '_').replaceAll(/^[_-]+(?=[A-Za-z])|[_-]+$/g, '');
  if (name === '') return 'value';
  return /^[A-Za-z_]/.test(name) ? name : `v_${name}`;
}

/** The words of a name, in small letters: `clientSecret`, `client_secret` and `Client-Secret` are the same two. */
export const wordsOf = (name: string): string[] =>
  name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z\d]+/)
    .flatMap((word) => (word === '' ? [] : word.toLowerCase()));

/** `x-api-key` → `X_API_KEY`. */
export function environmentNameOf(text: string): string {
  const name = wordsOf(text).join('_').toUpperCase();
  if (name === '') return 'SECRET';
  return /^[A-Z]/.test(name) ? name : `V_${name}`;
}

/** A text of a script where templates are read: `{{` in it begins none. */
export const literal = (text: string): string => text.toWellFormed().replaceAll('{{', '{{ "{{" }}');
