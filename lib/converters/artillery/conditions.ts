import type { Path } from '../../document/problems.ts';
import { namesIn, parseCondition } from '../../plan/condition.ts';
import type { Scope } from './scope.ts';

/** What filtrex doesn't know: with such a condition Artillery always sends the request. */
const NOT_FILTREX = /===|!==|&&|\|\||(?<![<>!=])=(?!=)|!(?!=)/;

/** An expression of filtrex in the plan's words; undefined where the request is always sent. */
export function sendCondition(text: string, path: Path, { names, remarks, isFunction }: Scope): string | undefined {
  if (isFunction(text)) return `${text}()`;
  const condition = parseCondition(text);
  if (!('is' in condition)) {
    if (NOT_FILTREX.test(text))
      remarks.noted(path, `the condition ${text}, which Artillery can't read; it always sends the request`);
    else remarks.leftOut(path, `the condition ${text}, which a plan can't say; the request is always sent`);
    return undefined;
  }
  const said = new Map(WITHOUT_MEANING.map((word) => [word, 'null']));
  for (const { name } of namesIn(condition)) {
    const meaning = names.meaningOf(name) ?? names.ofCode(name);
    if (meaning?.inline === true) {
      remarks.leftOut(path, `the condition ${text}, of a value that isn't fixed; the request is always sent`);
      return undefined;
    }
    if (meaning === undefined) remarks.noted(path, `the condition ${text}: nothing gives ${name} a value`);
    said.set(name, meaning?.as ?? 'null');
  }
  return inWordsOf(said, text);
}

/** In filtrex they are names like any other, and have no value. */
const WITHOUT_MEANING = ['true', 'false', 'null'];

/** Texts in quotes stay. */
const inWordsOf = (words: ReadonlyMap<string, string>, text: string): string =>
  text.replaceAll(/"[^"]*"|'[^']*'|[A-Za-z_][\w.[\]-]*/g, (written) => words.get(written) ?? written);
