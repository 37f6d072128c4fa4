import type { z } from 'zod';
import type { JsonText } from '../document/exact-json.ts';
import type { capture } from './steps/schemas/capture.ts';

/** A capture of the status; any other text is a JSONPath. */
export const STATUS = 'status';

export type Capture = CaptureSource & {
  readonly as: string;
  /** Of several; the first where it is not given. */
  readonly match?: 'all' | 'random';
  readonly optional?: true;
  readonly default?: JsonText;
};

type CaptureSource =
  | { readonly from: 'status' }
  | { readonly from: 'json'; readonly path: string }
  | { readonly from: 'xml'; readonly xml: string }
  | ({ readonly from: 'html' } & HtmlSelector)
  | { readonly from: 'header'; readonly header: string }
  | { readonly from: 'cookie'; readonly cookie: string }
  | { readonly from: 'regex'; readonly regex: string; readonly group: number };

/** One line of `capture`: the variable, and where its value stands. */
export function lowerCapture(as: string, from: z.infer<typeof capture>): Capture {
  if (from === STATUS) return { as, from: 'status' };
  if (typeof from === 'string') return { as, from: 'json', path: from };
  return {
    as,
    ...sourceOf(from),
    ...('match' in from && from.match !== undefined && from.match !== 'first' && { match: from.match }),
    ...(from.optional === true && { optional: true as const }),
    ...(from.default !== undefined && { default: JSON.stringify(from.default) }),
  };
}

function sourceOf(from: Exclude<z.infer<typeof capture>, string>): CaptureSource {
  if ('json' in from) return { from: 'json', path: from.json };
  if ('xml' in from) return { from: 'xml', xml: from.xml };
  if ('html' in from) return { from: 'html', ...splitHtmlSelector(from.html) };
  if ('header' in from) return { from: 'header', header: from.header.toLowerCase() };
  if ('cookie' in from) return { from: 'cookie', cookie: from.cookie };
  return { from: 'regex', regex: from.regex, group: from.group ?? 1 };
}

export interface HtmlSelector {
  readonly css: string;
  /** The attribute to take, in small letters as HTML has them; without one it is the element's text. */
  readonly attribute?: string;
}

/** The last @ that is neither escaped nor within brackets, quotes or parentheses. */
const ATTRIBUTE = /^(?<css>.*[^\\])@(?<attribute>[^\s"'<>/=@[\]()]+)$/su;

/** `input[name=csrf]@value`: a selector, and an attribute where one is named. */
export function splitHtmlSelector(text: string): HtmlSelector {
  const { css, attribute } = ATTRIBUTE.exec(text)?.groups ?? {};
  return css === undefined || attribute === undefined ? { css: text } : { css, attribute: attribute.toLowerCase() };
}
