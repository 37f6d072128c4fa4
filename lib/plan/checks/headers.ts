import { entriesOf, text, type Draft, type Placed } from '../draft.ts';
import { requestOf, stepsOfPlan } from '../draft-steps.ts';
import { quote, type Path, type Problem } from '../../document/problems.ts';

/** RFC 9110 §5.6.2: the letters of a header's name. */
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

/** RFC 9110 §5.5: visible characters, blanks and tabs; one byte each. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The generator frames messages and keeps connections itself: a second opinion would break the exchange. */
const GENERATORS_OWN = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What HTTP forbids in headers, and bodies where a method has none. */
export function checkHeaders(draft: Draft): Problem[] {
  return [
    ...sentHeaders({ path: [], value: draft }),
    ...[sentHeaders, readHeaders, bodyProblems].flatMap((check) => stepsOfPlan(draft).flatMap(check)),
  ];
}

function sentHeaders(parent: Placed<Draft>): Problem[] {
  return entriesOf(parent, 'headers').flatMap(({ key, path, value }) => {
    const name = nameProblems(path, key);
    if (name.length > 0) return name;
    if (GENERATORS_OWN.has(key.toLowerCase()))
      return [{ path, onKey: true, text: `${key} is set by the generator itself; remove it` }];
    return VALUE.test(String(value)) ? [] : [{ path, text: `${quote(value)} holds a character that no header may` }];
  });
}

/** Headers that a step looks at in the reply. */
function readHeaders(step: Placed<Draft>): Problem[] {
  return [
    ...entriesOf(step, 'expect', 'header').flatMap(({ path, key }) => nameProblems(path, key)),
    ...entriesOf(step, 'capture').flatMap(({ path, value }) => {
      const header = typeof value === 'object' && value !== null && 'header' in value ? text(value.header) : undefined;
      const isName = header === undefined || TOKEN.test(header);
      return isName ? [] : [{ path: [...path, 'header'], text: `${quote(header)} is no header name` }];
    }),
  ];
}

const nameProblems = (path: Path, name: string): Problem[] =>
  TOKEN.test(name) ? [] : [{ path, onKey: true, text: `${quote(name)} is no header name; use letters, digits and -` }];

/** RFC 9110 §9.3.1 and §9.3.2: a body has no meaning there, and servers may reset the connection. */
function bodyProblems({ path, value }: Placed<Draft>): Problem[] {
  const { method } = requestOf(value) ?? {};
  if (method !== 'get' && method !== 'head') return [];
  return ['json', 'form', 'body']
    .filter((key) => key in value)
    .map((key) => ({
      path: [...path, key],
      onKey: true,
      text: `${method} sends no body, and servers may reset the connection; write post, put or patch, or use query`,
    }));
}
