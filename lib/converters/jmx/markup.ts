import { splitHtmlSelector } from '../../plan/capture.ts';
import { parseXmlPath } from '../../plan/steps/xml-path.ts';
import { type CaptureInput, defaultOf, matchOf } from './capture-options.ts';

type Value = (key: string) => string;

/** Selectors as CSS itself has them: JMeter's two readers add some of their own. */
const PLAIN_CSS =
  /^(?:[\w-]+|\*|[#.][\w-]+|\[[\w:-]+(?:[~|^$*]?=(?:"[^"]*"|'[^']*'|[\w-]+))?\]|:(?:first|last|only)-(?:child|of-type)|:nth-child\(\d+\)|\s*[>+~,]\s*(?=[\w*#.[:])|\s+(?=[\w*#.[:]))+$/;

/** Without an attribute it is the element's text, as in a plan. */
export function htmlSource(value: Value): CaptureInput | undefined {
  const [css, attribute] = [value('HtmlExtractor.expr').trim(), value('HtmlExtractor.attribute').trim()];
  const html = attribute === '' ? css : `${css}@${attribute}`;
  const read = splitHtmlSelector(html);
  // What a plan would read as another attribute is none of its selectors.
  const isSame = read.css === css && (read.attribute ?? '') === attribute.toLowerCase();
  if (!isSame || !PLAIN_CSS.test(css)) return undefined;
  return { html, ...matchOf(value('HtmlExtractor.match_number')), ...defaultOf(value('HtmlExtractor.default')) };
}

/** `//input[@name='x']/@value`, of a page that is no XML. */
const FIELD = /^\/\/(\w+)\[@(\w+)=(["'])([\w.:-]+)\3\]\/@([\w-]+)$/;

/** Pages are read by Tidy or by leniency there, and as HTML in a plan; what is no path of a plan's is not captured. */
export function xpathSource(value: Value, prefix: string): CaptureInput | undefined {
  const query = value(`${prefix}.xpathQuery`).trim();
  const rest = { ...matchOf(value(`${prefix}.matchNumber`)), ...defaultOf(value(`${prefix}.default`)) };
  const [, element, by, , is, attribute] = FIELD.exec(query) ?? [];
  if (element !== undefined) return { html: `${element}[${by}="${is}"]@${attribute}`, ...rest };
  const xml = query.replace(/\/text\(\)$/, '');
  return parseXmlPath(xml) === undefined ? undefined : { xml, ...rest };
}
