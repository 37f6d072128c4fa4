/** What templates of a processor's texts read. */
interface TemplateContext {
  readonly vars: Readonly<Record<string, unknown>>;
  readonly funcs: Readonly<Record<string, unknown>>;
}

/** As lodash's `random`, which Artillery calls. */
export function randomNumber(first = 1, second?: number): number {
  const [from, to] = second === undefined ? [0, first] : [Math.min(first, second), Math.max(first, second)];
  return from + Math.floor(Math.random() * (to - from + 1));
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

export const randomString = (length = 10): string =>
  Array.from({ length: length }, () => LETTERS.charAt(Math.floor(Math.random() * LETTERS.length))).join('');

const TEMPLATE = /\{\{\{?\s*([^{}]*?)\s*(?:\|\s*raw\s*)?\}\}\}?/g;
const WHOLE = new RegExp(`^(?:${TEMPLATE.source})$`);

/** A value with its templates filled in, as Artillery does and as a plan writes them; a text that is one template keeps the type of its value. */
export function filled(value: unknown, context: TemplateContext): unknown {
  if (typeof value === 'string') {
    const only = WHOLE.exec(value)?.[1];
    if (only !== undefined) return valueOf(only, context);
    return value.replaceAll(TEMPLATE, (_, expression: string) => wordOf(valueOf(expression, context)));
  }
  if (Array.isArray(value)) return value.map((item) => filled(item, context));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [wordOf(filled(key, context)), filled(item, context)]),
  );
}

function valueOf(expression: string, { vars, funcs }: TemplateContext): unknown {
  const [, name, written = ''] = /^(\$\w+)\s*\((.*)\)$/s.exec(expression) ?? [];
  if (name === undefined) return inside(vars, expression);
  const args = written
    .split(',')
    .map((arg) => arg.trim().replaceAll(/^["']|["']$/g, ''))
    .filter((arg) => arg !== '');
  const known =
    name === '$randomInt' ? randomNumber : name === '$env' ? (key: string) => process.env[key] : funcs[name];
  return typeof known === 'function'
    ? (known as (...all: unknown[]) => unknown)(...args.map((arg) => (/^-?\d+$/.test(arg) ? Number(arg) : arg)))
    : undefined;
}

function inside(vars: Readonly<Record<string, unknown>>, way: string): unknown {
  if (Object.hasOwn(vars, way)) return vars[way];
  let found: unknown = vars;
  for (const step of way.match(/[^.[\]'"]+/g) ?? []) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<string, unknown>)[step];
  }
  return found;
}

const wordOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : `${value as string | number | undefined}`;
