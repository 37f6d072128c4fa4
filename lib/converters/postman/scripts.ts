import type { HttpInput } from '../../plan/steps/schemas/request.ts';
import { variableNameOf } from '../building/names.ts';

type CaptureInput = NonNullable<HttpInput['capture']>[string];

/** What of a script a plan says too. */
export interface ReadScript {
  /** By the names that Postman has for them. */
  readonly captures: ReadonlyMap<string, CaptureInput>;
  readonly statuses: readonly number[];
  /** Statements that are neither, one line each. */
  readonly rest: readonly string[];
}

const SET =
  /\b(?:pm\.(?:environment|collectionVariables|globals|variables)\.set|postman\.set(?:Environment|Global)Variable)\(\s*["'`]([^"'`]+)["'`]\s*,\s*([^;]+?)\s*\)\s*;?\s*$/;
const ALIAS = /^\s*(?:var|let|const)?\s*([A-Za-z_$][\w$]*)\s*=\s*([^;]+?);?\s*$/;
const STATUS =
  /response\.to\.have\.status\(\s*(\d{3})\s*\)|(?:pm\.response\.code|responseCode\.code)\)?(?:\.to\.(?:be\.)?(?:equal|equals|eql)\(|\s*={2,3}\s*)\s*(\d{3})/;
const ONE_OF = /response\.code\)\.to\.be\.oneOf\(\s*\[([\d,\s]+)\]/;
/** Brackets, comments, logs and the frames of tests. */
const NOTHING = /^\s*(?:$|\/\/|\/\*|\*|[{}()[\];,\s]+$|pm\.test\(.*\{\s*$|console\.|["']use strict)/;

/** Reads statements of one line that set a variable from the reply, or ask for its status; the others are listed. */
export function readScript(lines: readonly string[]): ReadScript {
  const captures = new Map<string, CaptureInput>();
  const aliases = new Map<string, string>();
  const statuses: number[] = [];
  const rest: string[] = [];
  for (const line of lines) {
    const found = captureIn(line, aliases);
    const asked = statusesIn(line);
    const alias = aliasIn(line, aliases);
    if (found !== undefined) captures.set(...found);
    else if (asked.length > 0) statuses.push(...asked);
    else if (alias !== undefined) aliases.set(...alias);
    else if (!NOTHING.test(line)) rest.push(line.trim());
  }
  return { captures, statuses: statuses.filter((status) => status >= 100 && status <= 599), rest };
}

type Aliases = ReadonlyMap<string, string>;

function captureIn(line: string, aliases: Aliases): [string, CaptureInput] | undefined {
  const [, name, expression] = SET.exec(line) ?? [];
  const source = expression === undefined ? undefined : sourceOf(expression, aliases);
  return name === undefined || source === undefined ? undefined : [name, source];
}

function statusesIn(line: string): number[] {
  const [, one, two] = STATUS.exec(line) ?? [];
  const status = one ?? two;
  return (status ?? ONE_OF.exec(line)?.[1] ?? '')
    .split(',')
    .flatMap((text) => (text.trim() === '' ? [] : Number(text)));
}

function aliasIn(line: string, aliases: Aliases): [string, string] | undefined {
  const [, name, value] = ALIAS.exec(line) ?? [];
  const path = value === undefined ? undefined : jsonPathOf(value, aliases);
  return name === undefined || path === undefined ? undefined : [name, path];
}

function sourceOf(expression: string, aliases: Aliases): CaptureInput | undefined {
  const header = /^(?:pm\.response\.headers\.get|postman\.getResponseHeader)\(\s*["'`]([\w-]+)["'`]\s*\)$/.exec(
    expression,
  )?.[1];
  if (header !== undefined) return { header };
  const cookie = /^pm\.cookies\.get\(\s*["'`]([^"'`]+)["'`]\s*\)$/.exec(expression)?.[1];
  if (cookie !== undefined) return { cookie };
  if (/^(?:pm\.response\.code|responseCode\.code)$/.test(expression)) return 'status';
  return jsonPathOf(expression, aliases);
}

const ROOT = /^(?:pm\.response\.json\(\)|JSON\.parse\(\s*(?:responseBody|pm\.response\.text\(\))\s*\))/;
const MEMBER = /\??\.([A-Za-z_$][\w$]*)(?!\s*\()|\??\.?\[\s*(\d+|"[^"\\]*"|'[^'\\]*')\s*\]/y;

/** `jsonData.items[0].id` → `$.items[0].id`, where `jsonData` is the reply; undefined of anything else. */
function jsonPathOf(expression: string, aliases: Aliases): string | undefined {
  const root = ROOT.exec(expression)?.[0];
  const alias = /^[A-Za-z_$][\w$]*/.exec(expression)?.[0] ?? '';
  const start = root === undefined ? aliases.get(alias) : '$';
  if (start === undefined) return undefined;
  let path = start;
  MEMBER.lastIndex = (root ?? alias).length;
  for (let found = MEMBER.exec(expression); found !== null; found = MEMBER.exec(expression)) {
    const [, name, index] = found;
    path +=
      name === undefined ? `[${(index ?? '').replaceAll('"', "'")}]` : /^\w+$/.test(name) ? `.${name}` : `['${name}']`;
    if (MEMBER.lastIndex === expression.length) return path;
  }
  return (root ?? alias).length === expression.length ? path : undefined;
}

/** The captures by the plan's names. */
export const scriptCaptures = ({ captures }: ReadScript): Record<string, CaptureInput> =>
  Object.fromEntries([...captures].map(([name, source]) => [variableNameOf(name), source]));
