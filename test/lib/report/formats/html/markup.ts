const VOID = new Set(['meta', 'link', 'br', 'img', 'input', 'hr']);
/** Between their tags stands text in which `<` means nothing. */
const RAW = /<(script|style)\b([^>]*)>[\s\S]*?<\/\1>/g;
const TAG = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*(\/?)>/g;

/** What keeps the text from being well-formed markup, as sentences; none when every element is closed in order. */
export function faultsOf(text: string): string[] {
  const faults: string[] = [];
  const open: string[] = [];
  const body = text.replace(/^<\?xml[^>]*\?>|^<!doctype html>/, '').replaceAll(RAW, '<$1$2></$1>');
  for (const [, close, name = '', , selfClosed] of body.matchAll(TAG)) {
    if (close === '/') {
      const expected = open.pop();
      if (expected !== name) faults.push(`</${name}> where </${expected}> is due`);
    } else if (selfClosed !== '/' && !VOID.has(name)) open.push(name);
  }
  const between = body.replaceAll(TAG, '');
  if (/[<>]/.test(between)) faults.push(`a bare bracket: ${/.{0,40}[<>].{0,40}/.exec(between)?.[0]}`);
  if (/&(?![a-z]+;|#\d+;)/.test(between)) faults.push('a bare ampersand');
  return [...faults, ...open.map((name) => `<${name}> is never closed`)];
}

/** The names of all attributes of all elements. */
export const attributeNames = (text: string): string[] =>
  [...text.replaceAll(RAW, '<$1$2></$1>').matchAll(TAG)].flatMap(([, , , attributes = '']) =>
    attributes
      .replaceAll(/"[^"]*"/g, '')
      .split(/[\s=]+/)
      .filter((name) => name !== ''),
  );

/** The text that a reader sees: no tags, no scripts, no styles. */
export const visibleText = (page: string): string =>
  page
    .replaceAll(RAW, '')
    .replaceAll(TAG, ' ')
    .replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name] ?? '');

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** The cells of all tables with the headers of their columns. */
export function tableCells(page: string): { header: string; text: string; isNumber: boolean }[] {
  return [...page.matchAll(/<table>([\s\S]*?)<\/table>/g)].flatMap(([, table = '']) => {
    const headers = [...table.matchAll(/<th scope="col"[^>]*>([\s\S]*?)<\/th>/g)].map(([, inner = '']) =>
      visibleText(inner),
    );
    const rows = [...table.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].slice(1);
    return rows.flatMap(([, row = '']) =>
      [...row.matchAll(/<t[dh]([^>]*)>([\s\S]*?)<\/t[dh]>/g)].map(([, attributes = '', inner = ''], at) => ({
        header: headers[at] ?? '',
        text: visibleText(inner).trim(),
        isNumber: attributes.includes('class="num"'),
      })),
    );
  });
}
