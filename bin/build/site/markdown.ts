import GithubSlugger from 'github-slugger';
import { Marked, type Token, type Tokens } from 'marked';
import { escaped } from '../../../lib/scaling/page/plot.ts';
import { targetOf } from './pages.ts';

export interface Rendered {
  readonly title: string;
  readonly html: string;
  /** Files of the repository that the page links or shows. */
  readonly linked: ReadonlySet<string>;
}

const isHeading = (token: Token): token is Tokens.Heading => token.type === 'heading';

/** What a heading says, without its marks. */
const plain = (tokens: readonly Token[]): string =>
  tokens
    .map((token) => ('tokens' in token && token.tokens !== undefined ? plain(token.tokens) : wordsOf(token)))
    .join('');

const wordsOf = (token: Token): string => ('text' in token && typeof token.text === 'string' ? token.text : token.raw);

/** A Markdown file as GitHub shows it: the same tables, anchors and links, which lead to pages of the site. */
export function render(text: string, source: string, sources: ReadonlySet<string>): Rendered {
  const slugger = new GithubSlugger();
  const linked = new Set<string>();
  const lead = (link: string): string => {
    const { href, path } = targetOf(link, source, sources);
    if (path !== undefined) linked.add(path);
    return escaped(href);
  };
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }) {
        const id = slugger.slug(plain(tokens));
        return `<h${depth} id="${id}"><a href="#${id}">${this.parser.parseInline(tokens)}</a></h${depth}>\n`;
      },
      link({ href, tokens }) {
        return `<a href="${lead(href)}">${this.parser.parseInline(tokens)}</a>`;
      },
      image({ href, text: words }) {
        return `<img src="${lead(href)}" alt="${escaped(words)}">`;
      },
      table(table) {
        return `<div class="wide" tabindex="0">${rowsOf(table, (tokens) => this.parser.parseInline(tokens))}</div>\n`;
      },
    },
  });
  const tokens = marked.lexer(text);
  const title = tokens.find(isHeading);
  return { title: title === undefined ? source : plain(title.tokens), html: marked.parser(tokens), linked };
}

function rowsOf({ header, rows }: Tokens.Table, inline: (tokens: Token[]) => string): string {
  const cell = (name: 'th' | 'td', { tokens, align }: Tokens.TableCell): string =>
    `<${name}${align === null ? '' : ` class="${align}"`}>${inline(tokens)}</${name}>`;
  const row = (name: 'th' | 'td', cells: readonly Tokens.TableCell[]): string =>
    `<tr>${cells.map((each) => cell(name, each)).join('')}</tr>`;
  const body = rows.map((cells) => row('td', cells)).join('\n');
  return `<table><thead>${row('th', header)}</thead><tbody>${body}</tbody></table>`;
}

export interface NavigationGroup {
  readonly title: string;
  readonly links: readonly { readonly words: string; readonly link: string }[];
}

/** The navigation: second-level headings of the entrance, and the links below each. */
export function navigationOf(text: string): readonly NavigationGroup[] {
  const groups: { title: string; links: { words: string; link: string }[] }[] = [];
  const visit = (tokens: readonly Token[]): void => {
    for (const token of tokens) {
      if (isHeading(token) && token.depth === 2) groups.push({ title: plain(token.tokens), links: [] });
      else if (token.type === 'link') groups.at(-1)?.links.push({ words: wordsOf(token), link: String(token['href']) });
      else if (token.type === 'list') for (const item of (token as Tokens.List).items) visit(item.tokens);
      else if ('tokens' in token && token.tokens !== undefined) visit(token.tokens);
    }
  };
  visit(new Marked().lexer(text));
  return groups;
}
