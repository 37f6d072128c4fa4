/** `npm run docs`: the documentation and two reports as static pages, below `site` or the folder that is given. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readReportAssets } from '../../lib/adapters/node/report-assets.ts';
import { renderersWith } from '../../lib/report/formats/index.ts';
import type { Report } from '../../lib/report/report.ts';
import { escaped } from '../../lib/scaling/page/plot.ts';
import { navigationOf, render, type Rendered } from './site/markdown.ts';
import { ENTRANCE, placeOfFile, isPicture, placeOfPage } from './site/pages.ts';
import { type SiteFrame, framed, type SampleReport } from './site/template.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Recorded runs that the tests hold; their page is rendered anew. */
const SAMPLES: readonly (SampleReport & { readonly recorded: string })[] = [
  { recorded: 'breaking', path: 'reports/breaking.html', words: 'A service that breaks' },
  { recorded: 'signals', path: 'reports/signals.html', words: 'A service whose signals were read' },
];

/** Every Markdown file that becomes a page. */
export const markdownFiles = (): string[] => [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
  'target/README.md',
  'examples/own-app/README.md',
];

/** Writes the site into a folder, of which nothing is left. Gives the paths of its pages. */
export function buildSite(folder: string): readonly string[] {
  rmSync(folder, { recursive: true, force: true });
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const sources = new Set(markdownFiles());
  const frame: SiteFrame = { navigation: navigationOf(read(ENTRANCE)), reports: SAMPLES, sources };
  const rendered = new Map([...sources].map((source) => [source, render(read(source), source, sources)] as const));
  const pages = [...rendered].map(([source, page]) => ({ ...page, path: placeOfPage(source) }));
  const files = filesLinkedBy(rendered.values(), sources);
  for (const path of files.filter(isPicture)) {
    mkdirSync(dirname(join(folder, placeOfFile(path))), { recursive: true });
    cpSync(join(ROOT, path), join(folder, placeOfFile(path)));
  }
  const shown = files.filter((path) => !isPicture(path)).map((path) => shownFile(path));
  for (const page of [...pages, ...shown]) write(page.path, framed(page, frame));
  write('site.css', readFileSync(new URL('site/site.css', import.meta.url), 'utf8'));
  for (const { recorded, path } of SAMPLES) write(path, reportPage(recorded));
  return [...pages, ...shown, ...SAMPLES].map(({ path }) => path);
}

const filesLinkedBy = (pages: Iterable<Rendered>, sources: ReadonlySet<string>): string[] =>
  [...new Set([...pages].flatMap(({ linked }) => [...linked]))].filter((path) => !sources.has(path));

/** A file of the repository as a page: its text, or the names in a folder. */
function shownFile(path: string): { path: string; title: string; html: string } {
  const text = textOf(path);
  return {
    path: placeOfFile(path),
    title: path,
    html: `<h1>${escaped(path)}</h1>\n<pre><code>${escaped(text)}</code></pre>\n`,
  };
}

function textOf(path: string): string {
  try {
    return read(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EISDIR') throw error;
    return readdirSync(join(ROOT, path)).join('\n');
  }
}

function reportPage(recorded: string): string {
  const report = JSON.parse(read(`test/golden/recorded/${recorded}/expected/report.json`)) as Report;
  const html = renderersWith(readReportAssets()).find(({ format }) => format === 'html');
  if (html === undefined) throw new Error('there is no renderer of pages');
  return html.render(report);
}

if (import.meta.main) {
  const folder = resolve(process.argv[2] ?? join(ROOT, 'site'));
  const pages = buildSite(folder);
  process.stdout.write(`${pages.length} pages in ${folder}; begin with ${join(folder, 'index.html')}\n`);
}
