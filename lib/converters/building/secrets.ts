import { bodies, methods } from '../../plan/steps/methods.ts';
import { environmentNameOf, UniqueNames, wordsOf } from './names.ts';

/** Words that, last in a name, say that its value lets someone in. */
const SECRET_WORDS: ReadonlySet<string> = new Set(
  (
    'password passwd pwd passphrase passcode pass pin otp cvv cvc secret secrets token jwt bearer assertion signature sig ' +
    'credential credentials authorization apikey session sessionid sid jsessionid phpsessid csrf xsrf samlresponse cookie'
  ).split(' '),
);

/** Words of which both, last in a name, say so. */
const SECRET_PAIRS =
  /(?:api|access|private|secret|subscription|auth|app|license|encryption|client|account) key$|card number$/;

const ENDINGS = /(?:password|passwd|token|secret|apikey|sessionid|credentials)$/;

/** Whether what goes by this name lets someone in: a password, a token, a key. */
export function isSecretName(name: string): boolean {
  const words = wordsOf(name).filter(
    (word, at, all) => at === 0 || at < all.length - 1 || !/^(?:id|value|hash|\d+)$/.test(word),
  );
  const last = words.at(-1) ?? '';
  return (
    SECRET_WORDS.has(last) || ENDINGS.test(last) || SECRET_PAIRS.test(words.join(' ')) || name.toLowerCase() === 'auth'
  );
}

/** What tokens of known kinds look like: JSON web tokens, and keys with a prefix of their issuer. */
const SECRET_VALUE =
  /^(?:eyJ[\w-]{8,}\.[\w-]*\.[\w-]*|AKIA[A-Z\d]{16}|gh[pousr]_\w{30,}|github_pat_\w{30,}|xox[abprs]-[\w-]{10,}|sk_(?:live|test)_\w{10,}|[rp]k_(?:live|test)_\w{10,}|PMAK-[\w-]{20,}|AIza[\w-]{30,}|SG\.[\w-]{16,}\.[\w-]{16,}|glpat-[\w-]{16,})$/;

export const isSecretValue = (value: string): boolean => SECRET_VALUE.test(value);

/** Where the value has no use as a secret, whatever its name: `true`, `12`, a template. */
const isHarmless = (value: string): boolean =>
  value === '' || value.includes('{{') || /^(?:true|false|null|\d{1,3})$/.test(value);

const isSecret = (name: string, value: string): boolean =>
  !isHarmless(value) && (isSecretName(name) || isSecretValue(value));

/** `"token":"abc"`, and `?token=abc`, within a longer text. Shorter values aren't looked for elsewhere in a plan. */
const FIELDS = [/"([^"\\\s]{1,60})"\s?:\s?"([^"\\]{6,4000})"/g, /[?&]([\w.-]{1,60})=([^&#\s"'<>\\]{6,4000})/g];

/** The values that must not get into a plan, each with the environment variable that stands for it there. */
export class Secrets {
  readonly #templates = new Map<string, string>();
  readonly #names = new UniqueNames('_');
  readonly #used = new Set<string>();

  /** Names of the environment variables that the plan reads, in the order in which they were needed. */
  get variables(): readonly string[] {
    return [...this.#used];
  }

  /** A template that stands for a secret; the same value has the same one. */
  hide(name: string, value: string): string {
    const known = this.#templates.get(value);
    if (known !== undefined) return known;
    const template = this.variable(this.#names.of(environmentNameOf(name)));
    this.#templates.set(value, template);
    return template;
  }

  /** A template for a value that the script doesn't hold. */
  variable(name: string): string {
    this.#used.add(name);
    return `{{ $env(${name}) }}`;
  }

  /** The template where name or value say that it is a secret. */
  hideIfSecret(name: string, value: string): string | undefined {
    const known = this.#templates.get(value);
    if (known !== undefined && value.length >= SHORTEST) return known;
    if (isSecret(name, value)) return this.hide(name, value);
    this.hideWithin(value);
    return undefined;
  }

  /** Of a text that is JSON or holds an address: its fields that are secrets. `purge` takes them out of it. */
  hideWithin(text: string): void {
    for (const pattern of FIELDS)
      for (const [, name = '', value = ''] of text.matchAll(pattern)) if (isSecret(name, value)) this.hide(name, value);
  }

  /** `Bearer abc` → `Bearer {{ $env(TOKEN) }}`; what has no scheme is hidden whole. */
  hideCredentials(name: string, value: string): string {
    if (isHarmless(value)) return value;
    const [, scheme, rest] = /^(Bearer|Basic|Token|JWT|ApiKey|Digest|Negotiate)\s+(\S.*)$/i.exec(value) ?? [];
    if (scheme === undefined || rest === undefined) return this.hide(name, value);
    return `${scheme} ${this.hide(/^basic$/i.test(scheme) ? 'BASIC_CREDENTIALS' : 'TOKEN', rest)}`;
  }

  /** A copy of a plan without any secret that was found, wherever else it stands in it. */
  purge<Value>(plan: Value): Value {
    const needles = [...this.#templates].filter(([value]) => value.length >= SHORTEST).flatMap(forms);
    return needles.length === 0 ? plan : (purged(plan, needles, false) as Value);
  }
}

/** Shorter ones, such as `admin`, stand in other places for something else. */
const SHORTEST = 6;

type Needle = readonly [value: string, template: string];

const forms = ([value, template]: Needle): Needle[] => {
  const encoded = encodeURIComponent(value.toWellFormed());
  return encoded === value
    ? [[value, template]]
    : [
        [value, template],
        [encoded, template],
      ];
};

/** Places of a plan whose texts are templates; anywhere else a secret becomes `***`. */
const SENT_KEYS: ReadonlySet<string> = new Set([...methods, 'headers', 'query', ...bodies]);

function purged(value: unknown, needles: readonly Needle[], isSent: boolean): unknown {
  if (typeof value === 'string')
    return needles.reduce((text, [secret, template]) => withoutSecret(text, secret, isSent ? template : '***'), value);
  if (Array.isArray(value)) return value.map((each) => purged(each, needles, isSent));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, purged(each, needles, isSent || SENT_KEYS.has(key))]),
  );
}

/** What stands in a template is a name, and no secret. */
const withoutSecret = (text: string, secret: string, instead: string): string =>
  text.includes(secret)
    ? text
        .split(/(\{\{.*?\}\})/)
        .map((piece) => (piece.startsWith('{{') ? piece : piece.replaceAll(secret, () => instead)))
        .join('')
    : text;
