import { createRequire } from 'node:module';
import type * as CssSelect from 'css-select';
import type * as HtmlParser from 'htmlparser2';
import type { HtmlSelector } from '../../../lib/plan/capture.ts';

/** Loaded where a plan reads HTML, since few do. */
const require = createRequire(import.meta.url);

/** What is read of htmlparser2's nodes. */
interface HtmlNode {
  readonly type: string;
  readonly data?: string;
  readonly children?: readonly HtmlNode[];
}

interface HtmlElement extends HtmlNode {
  readonly attribs: Readonly<Record<string, string>>;
}

/** Any text is HTML; of tags that are not closed, it is as htmlparser2 closes them. */
export function parseHtml(text: string): HtmlNode[] {
  const { parseDocument } = require('htmlparser2') as typeof HtmlParser;
  return parseDocument(text).children;
}

/** Every value at a selector of the plan, in the document's order: attributes, or trimmed texts of elements with all that stands in them. */
export function compileHtml({ css, attribute }: HtmlSelector): (top: HtmlNode[]) => string[] {
  let select: ((top: HtmlNode[]) => HtmlElement[]) | undefined;
  return (top) => {
    const found = (select ??= compileSelector(css))(top);
    if (attribute === undefined) return found.map(textOfHtml);
    return found.flatMap(({ attribs }) => attribs[attribute] ?? []);
  };
}

function compileSelector(css: string): (top: HtmlNode[]) => HtmlElement[] {
  const { compile, selectAll } = require('css-select') as typeof CssSelect;
  const query = compile<HtmlNode, HtmlElement>(css);
  return (top) => {
    try {
      return selectAll<HtmlNode, HtmlElement>(query, top);
    } catch {
      // Deeper than the stack is, for a selector that looks down.
      return [];
    }
  };
}

/** Without recursion: old pages nest thousands of elements that they never close. */
function textOfHtml(element: HtmlElement): string {
  const texts: string[] = [];
  const open: HtmlNode[] = [element];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === 'text') texts.push(node.data ?? '');
    else for (const child of node.children?.toReversed() ?? []) open.push(child);
  }
  return texts.join('').trim();
}
