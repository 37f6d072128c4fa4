import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Parser } from 'htmlparser2';
import { buildSite } from '../../../bin/build/docs.ts';
import { navigationOf, render } from '../../../bin/build/site/markdown.ts';
import { targetOf } from '../../../bin/build/site/pages.ts';

describe('a link of a Markdown file leads to a page of the site', () => {
  const sources = new Set(['README.md', 'docs/README.md', 'docs/plan.md', 'docs/lab/README.md', 'target/README.md']);
  test.each([
    ['plan.md', 'docs/README.md', 'plan.html'],
    ['plan.md#steps', 'docs/README.md', 'plan.html#steps'],
    ['../plan.md', 'docs/lab/README.md', '../plan.html'],
    ['docs/lab', 'README.md', '../lab/index.html'],
    ['docs/lab/', 'README.md', '../lab/index.html'],
    ['../README.md', 'docs/README.md', 'project/README.html'],
    ['../../target/README.md#cache', 'docs/lab/README.md', '../target/index.html#cache'],
    ['docs/report.png', 'README.md', '../files/docs/report.png'],
    ['../lib/units.ts', 'docs/plan.md', 'files/lib/units.ts.html'],
    ['#here', 'docs/plan.md', '#here'],
    ['https://example.org/a.md', 'docs/plan.md', 'https://example.org/a.md'],
    ['mailto:a@example.org', 'docs/plan.md', 'mailto:a@example.org'],
  ])('%s in %s', (link, source, href) => expect(targetOf(link, source, sources).href).toBe(href));
});

test('a page has the anchors that GitHub makes, and nothing of its text is read as markup', () => {
  const { html, title } = render(
    '# A `b` & <c>\n\n## Twice\n\n## Twice\n\n`<script>` | a [x](#twice-1)',
    'docs/a.md',
    new Set(),
  );
  expect(title).toBe('A b & <c>');
  expect(Array.from(html.matchAll(/ id="([^"]+)"/g), ([, id]) => id)).toEqual(['a-b--c', 'twice', 'twice-1']);
  expect(html).toContain('<code>&lt;script&gt;</code>');
});

test('the navigation is what the entrance links, by its headings', () => {
  const text = '# A\n\nBefore: [x](x.md)\n\n## B\n\n- [y](y.md), and [z](z.md)\n\n## C\n\n1. [w](w.md)\n';
  expect(navigationOf(text)).toEqual([
    {
      title: 'B',
      links: [
        { words: 'y', link: 'y.md' },
        { words: 'z', link: 'z.md' },
      ],
    },
    { title: 'C', links: [{ words: 'w', link: 'w.md' }] },
  ]);
});

/** What a page offers and asks for. */
interface Read {
  readonly ids: ReadonlySet<string>;
  readonly links: readonly string[];
}

function readPage(html: string): Read {
  const ids = new Set<string>();
  const links: string[] = [];
  const parser = new Parser({
    onopentag(_, { id, href, src }) {
      if (id !== undefined) ids.add(id);
      links.push(...[href, src].filter((link) => link !== undefined));
    },
  });
  parser.end(html);
  return { ids, links };
}

describe('the site', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-site-'));
  const pages = new Map<string, Read>();
  beforeAll(() => {
    for (const path of buildSite(folder)) pages.set(path, readPage(readFileSync(join(folder, path), 'utf8')));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const exists = (path: string): boolean => {
    try {
      return readFileSync(join(folder, path)).length > 0;
    } catch {
      return false;
    }
  };

  test('has the documents, what they show, and two reports', () => {
    expect(pages.size).toBeGreaterThan(80);
    expect([...pages.keys()].filter((path) => path.startsWith('reports/'))).toHaveLength(2);
    expect(readFileSync(join(folder, 'reports/breaking.html'), 'utf8')).toContain('uPlot');
  });

  test('every link leads to a page or a file, and to an anchor that is there', () => {
    const broken = [...pages].flatMap(([page, { links }]) =>
      links
        .filter((link) => !/^[a-z]+:/.test(link))
        .filter((link) => {
          const [path = '', anchor] = link.split('#');
          const target = path === '' ? page : posix.join(posix.dirname(page), path);
          const read = pages.get(target);
          return read === undefined ? !exists(target) : anchor !== undefined && anchor !== '' && !read.ids.has(anchor);
        })
        .map((link) => `${page}: ${link}`),
    );
    expect(broken).toEqual([]);
  });

  test('no page loads anything from elsewhere', () => {
    const text = [...pages.keys()].map((path) => readFileSync(join(folder, path), 'utf8')).join('\n');
    expect(text.match(/<(?:script|img|iframe|link)[^>]*(?:src|href)="(?:https?:)?\/\//g)).toBeNull();
  });
});
