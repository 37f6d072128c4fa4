import type { Plan } from '../../lib/plan/plan.ts';
import { formatUs } from '../../lib/units.ts';
import type { Outgoing, Settlement } from '../../loadgen/senders/sender.ts';

/** A request, what came of it, and how long that took. */
export interface SeenExchange {
  readonly outgoing: Outgoing;
  readonly settlement: Settlement;
  readonly tookUs: number;
}

const HIDDEN = '•••';
const SECRET_NAME =
  'authorization|cookie|passw(?:or)?d|passphrase|pwd|secret|token|(?:api|access|private)[-_]?key|credential|session';
const SECRET_HEADER = new RegExp(SECRET_NAME, 'i');
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

/** Hides values of environment variables that the plan reads, and what stands in fields that are called like secrets. */
export function hiderFor(plan: Plan, env: Readonly<Record<string, string | undefined>>): (text: string) => string {
  const names = new Set(Array.from(JSON.stringify(plan).matchAll(/\$env\(\s*(\w+)\s*\)/g), ([, name]) => name ?? ''));
  const secrets = [...names]
    .map((name) => env[name] ?? '')
    .flatMap((value) => (value === '' ? [] : writtenAs(value)))
    .toSorted((a, b) => b.length - a.length);
  return (text) =>
    secrets
      .reduce((left, secret) => left.replaceAll(secret, HIDDEN), text)
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

/** Enough to see what a reply is. */
const MOST_BYTES = 1024;

/** An exchange as lines: `>` what was sent, `<` what came back. */
export function shownExchange({ outgoing, settlement, tookUs }: SeenExchange, hide: (text: string) => string): string {
  const sent = [
    `> ${outgoing.method} ${hide(outgoing.origin + outgoing.path)}`,
    ...headerLines('>', outgoing.headers, hide),
    ...bodyLines('>', bytesOf(outgoing.body), hide),
  ];
  if (!('reply' in settlement)) {
    const { failure, detail } = settlement;
    return [...sent, `< ${failure} after ${formatUs(tookUs)}${detail === undefined ? '' : `: ${hide(detail)}`}`].join(
      '\n',
    );
  }
  const { status, headers, body } = settlement.reply;
  return [
    ...sent,
    `< ${status} in ${formatUs(tookUs)}`,
    ...headerLines('<', headers, hide),
    ...bodyLines('<', body, hide),
  ].join('\n');
}

const bytesOf = (body: Outgoing['body']): Buffer =>
  typeof body === 'string' ? Buffer.from(body) : Buffer.concat(body ?? []);

const headerLines = (
  sign: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  hide: (text: string) => string,
): string[] =>
  Object.entries(headers).flatMap(([name, values = []]) =>
    [values].flat().map((value) => `${sign} ${name}: ${SECRET_HEADER.test(name) ? HIDDEN : printable(hide(value))}`),
  );

/** Hidden before it is cut: half a secret is one too. */
function bodyLines(sign: string, body: Buffer, hide: (text: string) => string): string[] {
  if (body.length === 0) return [];
  const text = body.toString('utf8');
  if (text.includes('\uFFFD') || text.includes('\0')) return [sign, `${sign} (${body.length} bytes that are no text)`];
  const shown = hide(text);
  const lines = printable(shown.slice(0, MOST_BYTES)).split('\n');
  const more = shown.length > MOST_BYTES ? [`${sign} … of ${body.length} bytes`] : [];
  return [sign, ...lines.map((line) => `${sign} ${line}`), ...more];
}

/** No reply steers the terminal that shows it. */
const printable = (text: string): string => text.replaceAll(/(?!\n)\p{Cc}/gu, ' ');
