import { splitHtmlSelector } from '../capture.ts';
import { asRecord, asText, entriesOf, type Draft } from '../draft.ts';
import { stepsOfPlan } from '../draft-steps.ts';
import { quote, type Problem } from '../../document/problems.ts';

/** Selectors into HTML that are no CSS. Not among the other checks, since what reads CSS is loaded only for a plan that has one. */
export async function checkSelectors(draft: Draft): Promise<Problem[]> {
  const selectors = stepsOfPlan(draft)
    .flatMap((step) => entriesOf(step, 'capture'))
    .flatMap(({ path, value }) => {
      const text = asText(asRecord(value)['html']);
      return text === undefined ? [] : [{ path: [...path, 'html'], text }];
    });
  if (selectors.length === 0) return [];
  const { compile } = await import('css-select');
  return selectors.flatMap(({ path, text }) => {
    const reason = reasonAgainst(splitHtmlSelector(text).css, compile);
    if (reason === undefined) return [];
    const remedy = 'write one such as input[name=csrf]@value (an attribute) or h1.title (the text)';
    return [{ path, text: `${quote(text)} cannot be used as a CSS selector${reason}; ${remedy}` }];
  });
}

/** What css-select takes for more than CSS has, in a selector without quotes and escapes. */
const NO_CSS: readonly RegExp[] = [
  /^\s*$/,
  // Names that no element has.
  /[<@]|(?:^|[\s,>+~(])\$/,
  // A class or an id without its name.
  /[#.](?![\w\u0080-\uffff-])/,
  // A combinator with nothing on one side.
  /^\s*[>+~]|[>+~]\s*(?:$|[,)>+~])/,
];

function reasonAgainst(css: string, compile: (css: string) => unknown): string | undefined {
  const bare = css.replaceAll(/\\.|"[^"]*"|'[^']*'/gs, 'x');
  if (NO_CSS.some((wrong) => wrong.test(bare))) return '';
  try {
    compile(css);
    return undefined;
  } catch (error) {
    return error instanceof Error ? ` (${quote(error.message.trim())})` : '';
  }
}
