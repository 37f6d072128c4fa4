import { asRecord, entriesOf, type Draft } from '../draft.ts';
import { stepsOfPlan } from '../draft-steps.ts';
import { methods } from '../steps/methods.ts';
import { expressionsIn } from '../template.ts';
import { quote, type Problem } from '../../document/problems.ts';
import { templatesOf, type Template } from './templates.ts';

const NAME = String.raw`([A-Za-z_][\w-]*)((?:\.[\w-]+|\[\d+\])*)`;
/** As shells, JMeter, JavaScript (`${name}`) and Gatling (`#{name}`) write a variable. */
const DOLLAR = new RegExp(String.raw`[$#]\{\s*${NAME}\s*\}`, 'g');
/** As OpenAPI writes one: a whole segment of a path, since a query may hold `{name}` of a language of its own. */
const SEGMENT = new RegExp(String.raw`(?<=/)\{${NAME}\}(?=[/?#]|$)`, 'g');

/**
 * Variables as other tools write them, which would be sent letter by letter. In a path none is meant so, since braces are no letters of
 * an address (RFC 3986 §2); elsewhere only one that the plan knows is no doubt meant as its value.
 */
export function checkForeignTemplates(draft: Draft): Problem[] {
  const known = knownIn(draft);
  return templatesOf(draft).flatMap((template) => {
    const isAddress = methods.some((method) => method === template.path.at(-1));
    const text = betweenTemplates(template.value);
    const segments = isAddress ? [...(text.split('?')[0] ?? '').matchAll(SEGMENT)] : [];
    const found = [...text.matchAll(DOLLAR), ...segments].find(([, root = '']) => isAddress || known.has(root));
    return found === undefined ? [] : [foreign(found, template, isAddress)];
  });
}

function foreign(
  [written, root = '', rest = '']: RegExpMatchArray,
  { path, onKey }: Template,
  isAddress: boolean,
): Problem {
  const literal = isAddress ? written.replace('{', '%7B').replace('}', '%7D') : `{{ '${written}' }}`;
  const text = `${quote(written)} is no template; write {{ ${root}${rest} }}, or ${literal} where it is to be sent as it stands`;
  return { path, text, ...(onKey && { onKey }) };
}

/** What is sent letter by letter, with a line break in the place of each template. */
function betweenTemplates(text: string): string {
  let [between, end] = ['', 0];
  for (const { open, whole = '' } of expressionsIn(text)) {
    between += `${text.slice(end, open)}\n`;
    end = open + whole.length;
  }
  return between + text.slice(end);
}

/** Roots of what templates of the plan may read anywhere. */
const knownIn = (draft: Draft): ReadonlySet<string> =>
  new Set([
    ...Object.keys(asRecord(draft['variables'])),
    ...Object.keys(asRecord(draft['feeders'])),
    ...stepsOfPlan(draft).flatMap((step) => entriesOf(step, 'capture').map(({ key }) => key)),
  ]);
