import { asList, asRecord, asText, type Draft } from '../../plan/draft.ts';
import type { Notes } from '../building/notes.ts';
import type { Pair } from '../building/request.ts';
import type { Secrets } from '../building/secrets.ts';
import type { PostmanVariables } from './variables.ts';

interface AuthContext {
  readonly variables: PostmanVariables;
  readonly secrets: Secrets;
  readonly notes: Notes;
}

/** The headers and the query with which a request is let in. */
export function authOf(
  written: unknown,
  line: number | undefined,
  context: AuthContext,
): { headers: Pair[]; query: Pair[] } {
  const auth = asRecord(written);
  const type = asText(auth['type']) ?? 'noauth';
  const values = valuesOf(auth[type]);
  const secret = (name: string, value: string): string =>
    value.includes('{{')
      ? context.variables.text(value, line)
      : value === ''
        ? context.secrets.variable(name)
        : context.secrets.hide(name, value);
  if (type === 'noauth') return { headers: [], query: [] };
  if (type === 'bearer')
    return { headers: [['authorization', `Bearer ${secret('TOKEN', values('token'))}`]], query: [] };
  if (type === 'oauth2')
    return { headers: [['authorization', `Bearer ${secret('TOKEN', values('accessToken'))}`]], query: [] };
  if (type === 'basic') {
    context.notes.noted(line, 'BASIC_CREDENTIALS is the base64 of user:password');
    return { headers: [['authorization', `Basic ${context.secrets.variable('BASIC_CREDENTIALS')}`]], query: [] };
  }
  if (type === 'apikey') {
    const pair: Pair = [context.variables.text(values('key') || 'x-api-key', line), secret('API_KEY', values('value'))];
    return values('in') === 'query' ? { headers: [], query: [pair] } : { headers: [pair], query: [] };
  }
  context.notes.leftOut(line, `authentication of the kind ${type.slice(0, 30)}`);
  return { headers: [], query: [] };
}

/** Version 2.0 has a map, 2.1 a list of `{ key, value }`. */
function valuesOf(written: unknown): (key: string) => string {
  const map: Draft = Array.isArray(written)
    ? Object.fromEntries(
        asList(written)
          .map(asRecord)
          .map((each) => [String(each['key']), each['value']]),
      )
    : asRecord(written);
  return (key) => asText(map[key]) ?? '';
}
