import { HIDDEN, isCalledSecret } from '../../../lib/document/hidden.ts';
import { formatUs } from '../../../lib/units.ts';
import type { Outgoing, Settlement } from '../../../loadgen/senders/sender.ts';

/** A request, what came of it, and how long that took. */
export interface SeenExchange {
  readonly outgoing: Outgoing;
  readonly settlement: Settlement;
  readonly tookUs: number;
}

/** Enough to see what a reply is. */
const MOST_BYTES = 1024;

/** An exchange as lines: `>` what was sent, `<` what came back. */
export function shownExchange({ outgoing, settlement, tookUs }: SeenExchange, hide: (text: string) => string): string {
  const sent = [
    `> ${outgoing.method} ${hide(outgoing.origin + outgoing.path)}`,
    ...headerLines('>', outgoing.headers, hide, outgoing.names),
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
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  hide: (text: string) => string,
  names: Outgoing['names'] = {},
): string[] =>
  Object.entries(headers).flatMap(([name, values = []]) =>
    [values]
      .flat()
      .map((value) => `${sign} ${names[name] ?? name}: ${isCalledSecret(name) ? HIDDEN : printable(hide(value))}`),
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
