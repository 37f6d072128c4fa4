import parsePath from 'jsonpath-rfc9535/parser';
import type { Path } from '../../document/problems.ts';
import { isRegex } from '../../plan/steps/schemas/capture.ts';
import { parseXmlPath } from '../../plan/steps/xml-path.ts';
import { asRecord, asText, type Draft } from '../../plan/draft.ts';
import type { HttpInput } from '../../plan/steps/schemas/request.ts';
import { planName, type VariableNames, wordOf } from './names.ts';
import type { Remarks } from './remarks.ts';

type Captures = NonNullable<HttpInput['capture']>;

export interface CaptureContext {
  readonly names: VariableNames;
  readonly remarks: Remarks;
  /** `config.http.defaults.strictCapture`. */
  readonly strict: boolean;
}

/** What Artillery captures of a reply: https://www.artillery.io/docs/reference/engines/http#extracting-and-re-using-parts-of-a-response-request-chaining */
export function capturesOf(written: unknown, path: Path, context: CaptureContext): Captures {
  const captures: Captures = {};
  const list = Array.isArray(written) ? written : [written];
  for (const [i, each] of list.entries()) {
    const place = Array.isArray(written) ? [...path, i] : path;
    const spec = asRecord(each);
    const as = asText(spec['as']);
    if (as === undefined) {
      context.remarks.noted(place, 'a capture without `as` captures nothing');
      continue;
    }
    const source = sourceOf(spec, place, context);
    if (source === undefined) continue;
    const isOptional = spec['strict'] === false || (!context.strict && spec['strict'] !== true);
    const name = planName(as);
    captures[name] = isOptional
      ? { ...(typeof source === 'string' ? { json: source } : source), optional: true }
      : source;
    context.names.know(as, { as: name });
  }
  return captures;
}

type Source =
  | string
  | { json: string; match?: 'random' }
  | { header: string }
  | { xml: string }
  | { html: string; match?: 'random' }
  | { regex: string; group: number; match?: 'first' };

function sourceOf(spec: Draft, path: Path, { remarks }: CaptureContext): Source | undefined {
  const { json, regexp, header } = spec;
  if (typeof json === 'string') {
    const found = jsonPathOf(json);
    if (found === undefined)
      remarks.leftOut([...path, 'json'], `the capture ${json}, which is no JSONPath of RFC 9535`);
    else if (spec['multiple'] === false) return found;
    else return isSingular(found) ? found : { json: found, match: 'random' };
    return undefined;
  }
  if (typeof regexp === 'string') return regexOf(spec, regexp, path, remarks);
  if (typeof header === 'string') return { header: header.toLowerCase() };
  const marked = markedUp(spec);
  if (marked !== undefined) return marked;
  const kind = ['xpath', 'selector'].find((key) => key in spec);
  remarks.leftOut(
    path,
    kind === undefined ? 'a capture that names no source' : `the capture by ${kind}, which a plan doesn't have`,
  );
  return undefined;
}

/** A path into XML, or a selector of HTML with its attribute, as far as a plan has it. */
function markedUp({ xpath, selector, attr, index }: Draft): Source | undefined {
  if (typeof xpath === 'string' && parseXmlPath(xpath) !== undefined) return { xml: xpath };
  if (
    typeof selector !== 'string' ||
    typeof attr !== 'string' ||
    !(index === undefined || index === 0 || index === 'random')
  )
    return undefined;
  return { html: `${selector}@${attr}`, ...(index === 'random' && { match: 'random' as const }) };
}

function regexOf({ group, flags }: Draft, regexp: string, path: Path, remarks: Remarks): Source | undefined {
  const flagged = [...new Set(wordOf(flags ?? '').replaceAll(/[^ims]/g, ''))].join('');
  const regex = flagged === '' ? regexp : `(?${flagged}:${regexp})`;
  const named =
    typeof group === 'string' && !/^\d+$/.test(group) ? groupsIn(regexp).indexOf(group) + 1 : Number(group ?? 0);
  if (isRegex(regex) && Number.isInteger(named) && named >= 0) return { regex, group: named };
  remarks.leftOut([...path, 'regexp'], `the capture by ${regexp}, which is no regular expression with the flag u`);
  return undefined;
}

/** VariableNames of the groups of a pattern; an empty one of a group without a name. */
const groupsIn = (pattern: string): string[] =>
  Array.from(pattern.matchAll(/(?<!\\)\((?:\?<([A-Za-z]\w*)>|(?!\?))/g), (found) => found[1] ?? '');

/** Only one value can stand there. */
const isSingular = (path: string): boolean => /^\$(?:\.[A-Za-z_][\w-]*|\[-?\d+\]|\['[^'\\]*'\])*$/.test(path);

/** A path as jsonpath-plus reads it, in the words of RFC 9535; undefined where it says what that can't. */
export function jsonPathOf(written: string): string | undefined {
  const whole = written.trim();
  const rooted = whole.startsWith('$') ? whole : whole.startsWith('[') ? `$${whole}` : `$.${whole.replace(/^\./, '')}`;
  const path = rooted
    .replaceAll(/\.(\d+)(?=[.[]|$)/g, '[$1]')
    .replaceAll(/\.([A-Za-z_@$][\w$@]*(?:[-:/ ][\w$@]+)+)(?=[.[]|$)/g, "['$1']")
    .replaceAll(/\[\(@\.length\s*-\s*(\d+)\)\]/g, '[-$1]')
    .replaceAll(/\[([A-Za-z_][\w-]*)\]/g, "['$1']")
    .replaceAll('===', '==')
    .replaceAll('!==', '!=')
    .replace(/\.$/, '');
  try {
    parsePath(path);
    return /\.length\b/.test(path) ? undefined : path;
  } catch {
    return undefined;
  }
}
