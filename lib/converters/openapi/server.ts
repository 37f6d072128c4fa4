import { asList, asRecord, asText } from '../../plan/draft.ts';
import type { Notes } from '../building/notes.ts';
import { literal } from '../building/names.ts';
import { addressOf } from '../building/request.ts';
import type { ApiDocument } from './document.ts';

/** Where the operations are: a target, or a path before theirs where the document names no host. */
export interface Server {
  readonly target?: string;
  readonly prefix: string;
}

/** The first server with a host, its variables at their defaults. */
export function serverOf(document: ApiDocument, notes: Notes): Server {
  const urls =
    document.major === 2
      ? swaggerServers(document)
      : asList(document.root['servers']).map((each) => filled(asRecord(each)));
  const absolute = urls.find((url) => /^https?:\/\/[^/{}\s]+/i.test(url) && URL.canParse(url) && !/[{}]/.test(url));
  if (absolute !== undefined) {
    const { origin, pathname } = new URL(absolute);
    return { target: origin + pathname.replace(/\/+$/, ''), prefix: '' };
  }
  notes.changed(undefined, 'the document names no host: give --target, or write target into the plan');
  const relative = urls.find((url) => /^\/[^{}]*$/.test(url)) ?? '';
  return { prefix: relative.replace(/\/+$/, '') === '' ? '' : literal(addressOf(relative).replace(/\/+$/, '')) };
}

const filled = ({ url, variables }: Readonly<Record<string, unknown>>): string =>
  (asText(url) ?? '').replaceAll(/\{([^{}]+)\}/g, (whole, name: string) => {
    const value = asRecord(asRecord(variables)[name])['default'];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : whole;
  });

function swaggerServers({ root }: ApiDocument): string[] {
  const host = asText(root['host']);
  const base = asText(root['basePath']) ?? '';
  const schemes = asList(root['schemes']).flatMap((each) => asText(each) ?? []);
  const scheme = schemes.find((each) => each === 'https') ?? schemes[0] ?? 'https';
  return host === undefined ? [base] : [`${scheme}://${host}${base}`];
}
