import { parseCondition } from '../../plan/condition.ts';
import type { JmeterTexts } from './texts.ts';

/** A condition of an If or a While controller as a plan's; undefined of what compares more than variables, numbers and texts. */
export function conditionOf(written: string, texts: JmeterTexts): string | undefined {
  const inner = unwrapped(written.trim());
  const parts = inner.split(/(\s*(?:&&|\|\|)\s*)/);
  const converted = parts.map((part, at) =>
    at % 2 === 1 ? (part.trim() === '&&' ? ' and ' : ' or ') : comparison(part.trim(), texts),
  );
  if (converted.includes(undefined)) return undefined;
  const condition = converted.join('');
  return 'is' in parseCondition(condition) ? condition : undefined;
}

/** `${__jexl3("${a}" == "b",)}` and `${__groovy(…)}` hold the same. */
const unwrapped = (text: string): string =>
  /^\$\{__(?:jexl[23]?|groovy|javaScript)\((.*?)(?:,\w*)?\)\}$/s.exec(text)?.[1]?.replaceAll(String.raw`\,`, ',') ??
  text;

function comparison(written: string, texts: JmeterTexts): string | undefined {
  const text = written.replace(/^\((.*)\)$/s, '$1');
  const equals = /^(!?)(.+?)\.equals\((.+)\)$/s.exec(text);
  const [, left, sign, right] =
    equals === null
      ? (/^(.+?)\s*(==|!=|<=|>=|<|>)\s*(.+)$/s.exec(text) ?? [])
      : ['', equals[2], equals[1] === '!' ? '!=' : '==', equals[3]];
  if (left === undefined || right === undefined) return operand(text, texts);
  const [a, b] = [operand(left.trim(), texts), operand(right.trim(), texts)];
  return a === undefined || b === undefined ? undefined : `${a} ${sign} ${b}`;
}

function operand(text: string, texts: JmeterTexts): string | undefined {
  const name = /^["']?\$\{([\w.-]+)\}["']?$/.exec(text)?.[1] ?? /^vars\.get\(["']([\w.-]+)["']\)$/.exec(text)?.[1];
  if (name !== undefined)
    return /^\{\{ ([A-Za-z_][\w-]*(?:\.[\w-]+)?) \}\}$/.exec(texts.template(name, undefined))?.[1];
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) || /^(?:true|false)$/.test(text)) return text;
  return /^"[^"$]*"$|^'[^'$]*'$/.test(text) ? text : undefined;
}
