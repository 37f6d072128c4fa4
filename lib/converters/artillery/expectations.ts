import type { Path } from '../../document/problems.ts';
import { isRegex } from '../../plan/steps/schemas/capture.ts';
import { asRecord } from '../../plan/draft.ts';
import type { HttpInput } from '../../plan/steps/schemas/request.ts';
import { jsonPathOf } from './captures.ts';
import { type VariableNames, wordOf } from './names.ts';
import type { Remarks } from './remarks.ts';

type Expect = NonNullable<HttpInput['expect']>;

interface ExpectContext {
  readonly names: VariableNames;
  readonly remarks: Remarks;
}

/** Collects what several expectations ask of one reply. */
class Collected {
  status: Expect['status'];
  readonly header: Record<string, string> = {};
  readonly json: Record<string, string | number | boolean | { exists: boolean }> = {};
  regex: string | undefined;

  get expect(): Expect {
    const json = Object.keys(this.json).length > 0;
    return {
      ...(this.status !== undefined && { status: this.status }),
      ...(Object.keys(this.header).length > 0 && { header: this.header }),
      ...(json ? { body: { json: this.json } } : this.regex !== undefined && { body: { regex: this.regex } }),
    };
  }
}

/** Adds one expectation; returns why it can't be. */
type Expectation = (value: unknown, into: Collected) => string | undefined;

const NO_TEMPLATES = 'a plan compares with fixed values only';

const statuses = (value: unknown): number[] =>
  [value]
    .flat()
    .map(Number)
    .filter((status) => status >= 100 && status <= 599);

const oneOrList = (list: readonly number[]): number | number[] => (list.length === 1 ? (list[0] ?? 0) : [...list]);

const hasProperty =
  (exists: boolean): Expectation =>
  (value, into) => {
    const path = typeof value === 'string' ? jsonPathOf(value) : undefined;
    if (path === undefined) return 'it names no property';
    into.json[path] = { exists };
    return undefined;
  };

/** The expectations of artillery-plugin-expect. */
const EXPECTATIONS: Readonly<Record<string, Expectation>> = {
  statusCode(value, into) {
    const found = statuses(value);
    if (found.length === 0) return 'it names no status';
    into.status = oneOrList(found);
    return undefined;
  },
  notStatusCode(value, into) {
    const found = statuses(value);
    if (found.length === 0) return 'it names no status';
    into.status = { not: oneOrList(found) };
    return undefined;
  },
  contentType(value, into) {
    // application/json, application/problem+json and application/ld+json.
    into.header['content-type'] = wordOf(value);
    return undefined;
  },
  hasHeader(value, into) {
    into.header[wordOf(value)] ??= '';
    return undefined;
  },
  headerEquals(value, into) {
    const [name, text] = Array.isArray(value) ? value.map(wordOf) : [];
    if (name === undefined) return 'it names no header';
    into.header[name] = text ?? '';
    return undefined;
  },
  hasProperty: hasProperty(true),
  notHasProperty: hasProperty(false),
  matchesRegexp(value, into) {
    if (typeof value !== 'string' || !isRegex(value)) return 'it is no regular expression with the flag u';
    into.regex = value;
    return undefined;
  },
};

/** All that the plugin knows. */
const KINDS: ReadonlySet<string> = new Set([...Object.keys(EXPECTATIONS), 'equals', 'cdnHit', 'jmespath', 'jpath']);

/** What artillery-plugin-expect asks of a reply. `captured`: JSONPaths by what the same request captures. */
export function expectOf(
  written: unknown,
  path: Path,
  { names, remarks }: ExpectContext,
  captured: ReadonlyMap<string, string>,
): Expect | undefined {
  const into = new Collected();
  for (const [i, each] of (Array.isArray(written) ? written : [written]).entries()) {
    const place = Array.isArray(written) ? [...path, i] : path;
    for (const [kind, value] of Object.entries(asRecord(each))) {
      if (!KINDS.has(kind)) {
        remarks.noted(place, `the expectation ${kind}, which Artillery ignores`);
        continue;
      }
      const why =
        kind === 'equals' ? equals(value, captured, into) : add(kind, value, into, (text) => names.fixed(text, place));
      if (why !== undefined) remarks.leftOut(place, `the expectation ${kind}: ${why}`);
    }
  }
  if (into.regex !== undefined && Object.keys(into.json).length > 0)
    remarks.leftOut(path, 'the expectation matchesRegexp: a plan has it, or JSON, but not both of one reply');
  return Object.keys(into.expect).length === 0 ? undefined : into.expect;
}

function add(kind: string, value: unknown, into: Collected, fixed: (text: unknown) => unknown): string | undefined {
  const expectation = Object.hasOwn(EXPECTATIONS, kind) ? EXPECTATIONS[kind] : undefined;
  if (expectation === undefined) return "a plan doesn't have it";
  const known = Array.isArray(value) ? value.map(fixed) : fixed(value);
  if (known === undefined || (Array.isArray(known) && known.includes(undefined))) return NO_TEMPLATES;
  return expectation(known, into);
}

/** The name of a text that is one template and nothing else. */
const nameOf = (text: unknown): string => /^\{\{\s*([\w.]+)\s*\}\}$/.exec(wordOf(text))?.[1] ?? '';

/** `equals: ["{{ id }}", 7]`, where the request itself captures id. */
function equals(value: unknown, captured: ReadonlyMap<string, string>, into: Collected): string | undefined {
  const [left, right, ...more] = Array.isArray(value) ? (value as unknown[]) : [];
  const [path, wanted] = captured.has(nameOf(left))
    ? [captured.get(nameOf(left)), right]
    : [captured.get(nameOf(right)), left];
  const isFixed =
    typeof wanted === 'number' || typeof wanted === 'boolean' || (typeof wanted === 'string' && !wanted.includes('{{'));
  if (path === undefined || !isFixed || more.length > 0) return NO_TEMPLATES;
  into.json[path] = wanted;
  return undefined;
}
