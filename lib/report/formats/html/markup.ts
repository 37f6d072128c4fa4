/** A piece of HTML that is safe to stand in a page as it is. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand between the pieces of a template. Strings and numbers are escaped, `undefined` and `false` leave nothing. */
export type Content = Html | string | number | undefined | false | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Also without control characters, which HTML forbids. */
const escape = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '').replaceAll(/[^\P{Cc}\t\n]|\p{Cs}/gu, '\u{FFFD}');

function textOf(content: Content): string {
  if (content instanceof Html) return content.text;
  if (typeof content === 'string') return escape(content);
  if (typeof content === 'number') return String(content);
  return content === undefined || content === false ? '' : content.map(textOf).join('');
}

/** A tagged template: html`<td>${name}</td>`. Attributes must stand in double quotes. The code's indentation doesn't reach the page. */
export const html = (pieces: TemplateStringsArray, ...contents: readonly Content[]): Html =>
  new Html(pieces.map((piece, at) => piece.replaceAll(/\s*\n\s*/g, '\n') + textOf(contents[at])).join(''));

/** Data for a script: JSON in which nothing can end the element or begin a comment. */
export const jsonScript = (id: string, data: unknown): Html =>
  new Html(
    `<script type="application/json" id="${escape(id)}">${JSON.stringify(data).replaceAll('<', String.raw`\u003c`)}</script>`,
  );
