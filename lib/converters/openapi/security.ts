import { asList, asRecord, asText, type Draft } from '../../plan/draft.ts';
import { environmentNameOf } from '../building/names.ts';
import type { Notes } from '../building/notes.ts';
import type { Pair } from '../building/request.ts';
import type { Secrets } from '../building/secrets.ts';
import type { ApiDocument } from './document.ts';
import type { Operation } from './operations.ts';

export interface Credentials {
  readonly headers: readonly Pair[];
  readonly query: readonly Pair[];
}

/** What lets an operation in: the first of its choices (OpenAPI 3.1 §4.8.30), its values from the environment. */
export function credentialsOf(
  operation: Operation,
  document: ApiDocument,
  secrets: Secrets,
  notes: Notes,
): Credentials {
  const choices = asList(operation.written['security'] ?? document.root['security']).map(asRecord);
  const schemes =
    document.major === 2
      ? document.resolved(document.root['securityDefinitions'])
      : document.resolved(document.resolved(document.root['components'])['securitySchemes']);
  const [headers, query]: [Pair[], Pair[]] = [[], []];
  for (const name of Object.keys(choices[0] ?? {})) {
    const scheme = document.resolved(schemes[name]);
    const template = (): string => secrets.variable(environmentNameOf(name));
    const key = asText(scheme['name']) ?? name;
    const kind = kindOf(scheme);
    if (kind === 'basic') headers.push(['authorization', `Basic ${template()}`]);
    else if (kind === 'bearer') headers.push(['authorization', `Bearer ${template()}`]);
    else if (kind === 'key in header') headers.push([key.toLowerCase(), template()]);
    else if (kind === 'key in cookie') headers.push(['cookie', `${key}=${template()}`]);
    else if (kind === 'key in query') query.push([key, template()]);
    else
      notes.leftOut(
        document.lineOf(schemes[name]) ?? operation.line,
        `the security scheme ${name} can't be sent by a plan`,
      );
  }
  return { headers, query };
}

function kindOf({ type, scheme, in: place }: Draft): string | undefined {
  const kind = asText(type)?.toLowerCase();
  if (kind === 'basic') return 'basic';
  if (kind === 'oauth2' || kind === 'openidconnect') return 'bearer';
  if (kind === 'apikey') return `key in ${asText(place) ?? ''}`;
  return kind === 'http' ? asText(scheme)?.toLowerCase() : undefined;
}
