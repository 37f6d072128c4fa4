export interface HtmlSelector {
  /** CSS, as it is written. */
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
