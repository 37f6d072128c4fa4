import type { $ZodIssue, $ZodType } from 'zod/v4/core';
import { endlessInYaml, formatPath, isEndless, quote, type Path, type Problem } from './problems.ts';
import { counted, listed } from '../units.ts';
import { nearest } from './suggest.ts';

type Issue<Code extends $ZodIssue['code']> = Extract<$ZodIssue, { code: Code }>;

interface Checked {
  readonly schema: $ZodType;
  readonly input: unknown;
}

/** What a schema found, in words for the person who wrote the plan. */
export function problemsOf(issues: readonly $ZodIssue[], checked: Checked): Problem[] {
  const explained = issues.flatMap((issue) => explain(issue, checked));
  const meant = new Set(explained.map(({ means }) => means));
  return explained.filter(({ path, isMissing }) => isMissing !== true || !meant.has(formatPath(path)));
}

/** A misspelt key `means` the one it is near to, which is then not reported as missing too. */
interface Explained extends Problem {
  readonly isMissing?: boolean;
  readonly means?: string;
}

/** Issues inside a union are relative to it: `base` is its path. */
function explain(issue: $ZodIssue, checked: Checked, base: Path = []): Explained[] {
  const inner = issue.path.map((part) => (typeof part === 'symbol' ? part.toString() : part));
  const path = [...base, ...inner];
  const value = valueAt(checked.input, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return unknownKeys(issue.keys, path, checked);
    case 'invalid_union':
      return unionProblems(issue, path, checked);
    case 'invalid_key':
      return [{ path, onKey: true, text: `${quote(path.at(-1))} ${issue.issues[0]?.message ?? 'is no key here'}` }];
    case 'invalid_type':
      return [{ path, text: wrongType([issue], value), isMissing: value === undefined }];
    case 'invalid_value':
      return [{ path, text: wrongValue(issue, value), isMissing: value === undefined }];
    case 'too_small':
      return [{ path, text: tooSmall(issue, value) }];
    case 'too_big':
      return [{ path, text: `${quote(value)} is too large; ${issue.maximum} is the most` }];
    default:
      return [{ path, text: aboutValue(issue.message, value) }];
  }
}

/** The schema's own messages begin with a verb; a single value is named before it. */
const aboutValue = (message: string, value: unknown): string =>
  typeof value === 'object' && value !== null ? message : `${quote(value)} ${message}`;

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? (value as Readonly<Record<string | number, unknown>>)[part]
        : undefined,
    input,
  );
}

function unknownKeys(keys: readonly string[], path: Path, { schema }: Checked): Explained[] {
  const known = knownKeys(schema, path);
  // A key of another branch than the one that is meant.
  return keys.map((key) => unknownKey(key, path, new Set([...known].filter((each) => each !== key))));
}

function unknownKey(key: string, path: Path, known: ReadonlySet<string>): Explained {
  const near = nearest(key, known);
  const remedy = near === undefined ? `there are ${listed([...known], 'and')}` : `did you mean ${near}?`;
  const problem = { path: [...path, key], onKey: true, text: `no such key here; ${remedy}` };
  return near === undefined ? problem : { ...problem, means: formatPath([...path, near]) };
}

/**
 * Every key that the schema knows at `path`, over all branches of its unions: what "did you mean" can choose from.
 * Zod's issues name the unknown key only.
 */
function knownKeys(schema: $ZodType, path: Path): Set<string> {
  const keys = new Set<string>();
  for (const found of schemasAt(schema, path)) {
    const { def } = found._zod;
    if (def.type === 'object' && 'shape' in def) for (const key of Object.keys(def.shape as object)) keys.add(key);
  }
  return keys;
}

function schemasAt(schema: $ZodType, path: Path): $ZodType[] {
  const plain = unwrapped(schema);
  const [part, ...rest] = path;
  if (part === undefined) return plain;
  return plain.flatMap((each) => childrenOf(each, part)).flatMap((child) => schemasAt(child, rest));
}

interface Def {
  readonly type: string;
  readonly innerType?: $ZodType;
  readonly getter?: () => $ZodType;
  readonly options?: readonly $ZodType[];
  readonly shape?: Readonly<Record<string, $ZodType>>;
  readonly element?: $ZodType;
  readonly valueType?: $ZodType;
}

/** Without what only wraps: optional, lazy and unions. */
function unwrapped(schema: $ZodType): $ZodType[] {
  const def: Def = schema._zod.def;
  if (def.innerType !== undefined) return unwrapped(def.innerType);
  if (def.getter !== undefined) return unwrapped(def.getter());
  return def.options === undefined ? [schema] : def.options.flatMap(unwrapped);
}

function childrenOf(schema: $ZodType, part: Path[number]): $ZodType[] {
  const def: Def = schema._zod.def;
  const child = def.shape === undefined ? (def.element ?? def.valueType) : def.shape[part];
  return child === undefined ? [] : [child];
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys and values',
  record: 'a map of keys and values',
  null: 'null',
};

const typeWord = (type: string): string => TYPE_WORDS[type] ?? type;

/** Issues of one value that has none of the types it may have. */
function wrongType(issues: readonly Issue<'invalid_type'>[], value: unknown): string {
  const expected = issues.map((issue) => issue.expected);
  const wanted = listed([...new Set(expected.map(typeWord))]);
  const own = issues.find(({ message }) => !message.startsWith('Invalid input'));
  if (value === undefined) return `is missing; it must be ${wanted}`;
  if (value === null) return `is empty; it must be ${wanted}`;
  if (own !== undefined) return aboutValue(own.message, value);
  const subject = typeof value === 'object' || isEndless(value) ? '' : `${quote(value)} `;
  return `${subject}must be ${wanted}, not ${kindOf(value)}${retyped(expected, value)}`;
}

function kindOf(value: unknown): string {
  if (isEndless(value)) return endlessInYaml(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'number') return typeWord(typeof value);
  return Number.isFinite(value) && !Number.isInteger(value) ? 'a fraction' : 'a number';
}

/** YAML's usual slip: quotes too many or too few. */
function retyped(expected: readonly string[], value: unknown): string {
  const isPlain = typeof value === 'number' || typeof value === 'boolean';
  if (expected.includes('string') && isPlain)
    return `; write "${isEndless(value) ? endlessInYaml(value) : value}" in quotes`;
  const numeric = expected.some((type) => type === 'number' || type === 'int');
  const isNumber = typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
  return numeric && isNumber ? `; write ${value} without quotes` : '';
}

function wrongValue({ values }: Issue<'invalid_value'>, value: unknown): string {
  const words = values.map(String);
  if (value === undefined || value === null) return `is missing; write one of ${listed(words)}`;
  const near = typeof value === 'string' ? nearest(value, words) : undefined;
  return `${quote(value)} is none of ${listed(words)}${near === undefined ? '' : `; did you mean ${near}?`}`;
}

function tooSmall({ origin, minimum, inclusive }: Issue<'too_small'>, value: unknown): string {
  if (origin === 'string') return 'is empty; write a text';
  if (origin === 'array') {
    const has =
      Array.isArray(value) && value.length > 0
        ? `has ${counted(value.length, 'entry', 'entries')}`
        : 'is an empty list';
    return `${has}; it needs at least ${minimum}`;
  }
  return `${quote(value)} is too small; it must be ${inclusive === false ? 'more than' : 'at least'} ${minimum}`;
}

interface Branch {
  readonly issues: readonly $ZodIssue[];
  readonly unknown: readonly string[];
  /** The value is of another type altogether. */
  readonly mismatch: string | undefined;
}

/** Of several ways to write something, explains the one that was meant: the one that knows most of the keys written. */
function unionProblems(issue: Issue<'invalid_union'>, path: Path, checked: Checked): Explained[] {
  const branches = issue.errors.map(branchOf);
  const fitting = branches.filter(({ mismatch }) => mismatch === undefined);
  const value = valueAt(checked.input, path);
  if (fitting.length === 0)
    return [{ path, text: wrongType(typeIssues(branches), value), isMissing: value === undefined }];
  const written = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const known = (branch: Branch): number => written.filter((key) => !branch.unknown.includes(key)).length;
  const [meant] = fitting.toSorted((a, b) => known(b) - known(a) || a.issues.length - b.issues.length);
  if (meant === undefined) return [];
  if (written.length > 0 && known(meant) === 0) return unknownKeys(written, path, checked);
  const clashing = meant.unknown.filter((key) => fitting.some((branch) => !branch.unknown.includes(key)));
  const clashes = clashing.map((key) => clash(key, written, { path, meant, fitting }));
  const rest = meant.issues.flatMap((each) => withoutKeys(each, clashing));
  return [...clashes, ...rest.flatMap((each) => explain(each, checked, path))];
}

function branchOf(issues: readonly $ZodIssue[]): Branch {
  const unknown = issues.flatMap((each) =>
    each.code === 'unrecognized_keys' && each.path.length === 0 ? each.keys : [],
  );
  const type = issues.find(
    (each) => each.path.length === 0 && ['invalid_type', 'invalid_value', 'invalid_union'].includes(each.code),
  );
  return { issues, unknown, mismatch: type === undefined ? undefined : type.code };
}

const typeIssues = (branches: readonly Branch[]): Issue<'invalid_type'>[] =>
  branches.flatMap(({ issues }) =>
    issues.flatMap((each) => {
      if (each.code === 'invalid_type') return each;
      return each.code === 'invalid_union' ? typeIssues(each.errors.map(branchOf)) : [];
    }),
  );

interface Ways {
  readonly path: Path;
  readonly meant: Branch;
  readonly fitting: readonly Branch[];
}

/** A key that another way of writing knows, but not the one meant; it clashes with a key that the other doesn't know. */
function clash(key: string, written: readonly string[], { path, meant, fitting }: Ways): Problem {
  const other = fitting.find(({ unknown }) => !unknown.includes(key));
  const partner = written.find((each) => !meant.unknown.includes(each) && other?.unknown.includes(each)) ?? '';
  return { path: [...path, key], onKey: true, text: `${key} cannot stand beside ${partner}; keep one of the two` };
}

function withoutKeys(issue: $ZodIssue, keys: readonly string[]): $ZodIssue[] {
  if (issue.code !== 'unrecognized_keys' || issue.path.length > 0) return [issue];
  const left = issue.keys.filter((key) => !keys.includes(key));
  return left.length === 0 ? [] : [{ ...issue, keys: left }];
}
