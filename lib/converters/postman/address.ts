import { asList, asRecord, asText, type Draft } from '../../plan/draft.ts';
import { formDecoded } from '../building/body.ts';
import type { Pair } from '../building/request.ts';
import type { PostmanVariables } from './variables.ts';

/** Where a request goes, in Postman's own texts. */
export interface PostmanAddress {
  /** Scheme and host as far as they are known: `https://api.example.com`. */
  readonly origin: string | undefined;
  readonly path: string;
  readonly query: readonly Pair[];
}

/** Parts win over `raw` where both are written; both versions write either. */
export function addressIn(written: unknown, variables: PostmanVariables): PostmanAddress {
  const parts = typeof written === 'string' ? { raw: written } : asRecord(written);
  const raw = asText(parts['raw']) ?? '';
  const whole = hostOf(parts) === '' ? (raw.split('#')[0] ?? '') : hostOf(parts) + pathOf(parts);
  const [address = '', ...inAddress] = whole.split('?');
  const { origin, path } = split(address, variables);
  const query =
    parts['query'] === undefined
      ? queryIn(hostOf(parts) === '' ? inAddress.join('?') : (raw.split('?')[1] ?? ''))
      : // Postman sends what is encoded already as it stands.
        keyedPairs(parts['query']).map(([name, value]): Pair => [formDecoded(name), formDecoded(value)]);
  return { origin, path: withPathVariables(path, parts['variable']), query };
}

function hostOf({ host, protocol, port }: Draft): string {
  const name = typeof host === 'string' ? host : asList(host).map(String).join('.');
  if (name === '') return '';
  const scheme = asText(protocol);
  const number = asText(port);
  return `${scheme === undefined || name.includes('://') ? '' : `${scheme.replace(/:.*/, '')}://`}${name}${number === undefined || number === '' ? '' : `:${number}`}`;
}

function pathOf({ path }: Draft): string {
  if (typeof path === 'string') return path.startsWith('/') ? path : `/${path}`;
  const segments = asList(path).map((each) =>
    typeof each === 'string' ? each : (asText(asRecord(each)['value']) ?? ''),
  );
  return segments.length === 0 ? '' : `/${segments.join('/')}`;
}

/** A variable before the first / is a host; where nothing is known of it, it is the target. */
function split(address: string, variables: PostmanVariables): Pick<PostmanAddress, 'origin' | 'path'> {
  const [, head = '', rest = ''] = /^((?:https?:\/\/)?[^/]*)(.*)$/is.exec(address.trim()) ?? [];
  const known = variables.resolved(head);
  const url = /^https?:\/\//i.test(known) ? known : `http://${known}`;
  if (/[{}\s]/.test(known) || known === '' || !URL.canParse(url)) return { origin: undefined, path: rest };
  const { origin, pathname } = new URL(url);
  return { origin, path: pathname.replace(/\/$/, '') + rest };
}

const queryIn = (text: string): Pair[] =>
  text.split('&').flatMap((each): Pair[] => {
    const [name = '', ...value] = each.split('=');
    return name === '' ? [] : [[formDecoded(name), formDecoded(value.join('='))]];
  });

/** Lists of `{ key, value, disabled }`, maps, and headers as lines. */
export function keyedPairs(written: unknown): Pair[] {
  if (typeof written === 'string')
    return written.split(/\r?\n/).flatMap((line): Pair[] => {
      const [, name, value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name.trim(), value]];
    });
  if (!Array.isArray(written))
    return Object.entries(asRecord(written)).map(([name, value]) => [name, scalarText(value)]);
  return written.map(asRecord).flatMap((each): Pair[] => {
    const key = asText(each['key']);
    return key === undefined || key === '' || each['disabled'] === true ? [] : [[key, scalarText(each['value'])]];
  });
}

const scalarText = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

/** `/pets/:id` with the value of `id`, or as a variable of that name. */
function withPathVariables(path: string, written: unknown): string {
  const values = new Map(
    asList(written)
      .map(asRecord)
      .map((each) => [asText(each['key']) ?? asText(each['id']) ?? '', scalarText(each['value'])]),
  );
  return path
    .split('/')
    .map((segment) => {
      const name = /^:([A-Za-z_][\w-]*)$/.exec(segment)?.[1];
      if (name === undefined) return segment;
      const value = values.get(name) ?? '';
      return value === '' ? `{{${name}}}` : /^[^/?#]*$/.test(value) ? value : encodeURIComponent(value);
    })
    .join('/');
}
