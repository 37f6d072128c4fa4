/** Stands for a secret. */
export const HIDDEN = '•••';

const SECRET_NAME =
  'authorization|cookie|passw(?:or)?d|passphrase|pwd|secret|token|(?:api|access|private)[-_]?key|credential|session';
const SECRET = new RegExp(SECRET_NAME, 'i');

/** Whether what goes by this name lets someone in. */
export const isCalledSecret = (name: string): boolean => SECRET.test(name);

const JSON_TEXT = '"(?:[^"\\\\]|\\\\.)*"?';
/** A list or an object, with `inner` ones in it. Whatever is cut off ends it: nothing after it is asked for, so nothing is tried twice. */
const holding = (inner: string): string => `[[{](?:[^[\\]{}"]|${JSON_TEXT}|${inner})*[\\]}]?`;
const JSON_NESTED = holding(holding(holding(holding('(?!)'))));
const JSON_FIELD = new RegExp(
  `("[^"]*(?:${SECRET_NAME})[^"]*"\\s*:\\s*)(?:${JSON_TEXT}|${JSON_NESTED}|[^\\s,}\\]]+)`,
  'gi',
);
const FORM_FIELD = new RegExp(`((?:^|[?&\\s])[^=&\\s"]*(?:${SECRET_NAME})[^=&\\s"]*=)(?!["'])[^&\\s"#]*`, 'gi');
const XML_ATTRIBUTE = new RegExp(`((?:${SECRET_NAME})[\\w:.-]*\\s*=\\s*)(?:"[^"]*"?|'[^']*'?)`, 'gi');
const XML_ELEMENT = new RegExp(
  `(<([\\w:.-]*(?:${SECRET_NAME})[\\w:.-]*)(?:\\s[^<>]*)?(?<!/)>)[^]*?(</\\2\\s*>|$)`,
  'gi',
);
const FORM_PART = new RegExp(
  `(name="[^"]*(?:${SECRET_NAME})[^"]*"[^\\r\\n]*\\r\\n(?:[^\\r\\n]+\\r\\n)*\\r\\n)[^]*?(?=\\r\\n--|$)`,
  'gi',
);

/** What tokens of known kinds look like: JSON web tokens, and keys with a prefix of their issuer. */
const TOKEN =
  /\b(?:eyJ[\w-]{8,}\.[\w-]+\.[\w-]*|AKIA[A-Z\d]{16}|gh[pousr]_\w{30,}|xox[abprs]-[\w-]{10,}|sk_(?:live|test)_\w{10,}|glpat-[\w-]{16,})/g;

/** A text without secrets; `more` are values that are secret beside those that are known. */
export type Hider = (text: string, more?: readonly string[]) => string;

/** Hides values of environment variables that the plan reads, and what stands in fields that are called like secrets. */
export function hiderFor(plan: object, env: Readonly<Record<string, string | undefined>>): Hider {
  const names = new Set(Array.from(JSON.stringify(plan).matchAll(/\$env\(\s*(\w+)\s*\)/g), ([, name]) => name ?? ''));
  const secrets = [...names]
    .map((name) => env[name] ?? '')
    .flatMap((value) => (value === '' ? [] : writtenAs(value)))
    .toSorted((a, b) => b.length - a.length);
  return (text, more = []) =>
    [...secrets, ...more]
      .reduce((left, secret) => left.replaceAll(secret, HIDDEN), text)
      .replaceAll(TOKEN, HIDDEN)
      .replaceAll(JSON_FIELD, `$1"${HIDDEN}"`)
      .replaceAll(XML_ATTRIBUTE, `$1"${HIDDEN}"`)
      .replaceAll(XML_ELEMENT, `$1${HIDDEN}$3`)
      .replaceAll(FORM_PART, `$1${HIDDEN}`)
      .replaceAll(FORM_FIELD, `$1${HIDDEN}`);
}

/** As itself, in an address by either encoding, and in JSON. */
const writtenAs = (value: string): string[] => {
  const encoded = encodeURIComponent(value);
  const strictly = encoded.replaceAll(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
  return [value, encoded, strictly, JSON.stringify(value).slice(1, -1)];
};
