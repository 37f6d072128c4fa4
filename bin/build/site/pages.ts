import { posix } from 'node:path';

/** The page that the site begins with, whose links are its navigation. */
export const ENTRANCE = 'docs/README.md';

/** Where a Markdown file of the repository stands on the site; what is below `docs` stands at its top. */
export function placeOfPage(source: string): string {
  const path = source.replace(/^docs\//, '');
  if (path === source && !path.includes('/')) return `project/${path.replace(/\.md$/, '.html')}`;
  return path.replace(/(?:^|(?<=\/))README\.md$/, 'index.html').replace(/\.md$/, '.html');
}

/** Where any other file of the repository stands: pictures as they are, all else as a page that shows its text. */
export const placeOfFile = (path: string): string => (isPicture(path) ? `files/${path}` : `files/${path}.html`);

export const isPicture = (path: string): boolean => /\.(?:png|svg|jpe?g|gif|webp)$/.test(path);

/** A link as a page of the site has it, from a link as the Markdown has it. */
export interface LinkTarget {
  readonly href: string;
  /** What it leads to in the repository; absent where it leads out of it, or nowhere but to its own page. */
  readonly path?: string;
}

/** @param source the Markdown file in which it stands; `sources` are those that become pages */
export function targetOf(link: string, source: string, sources: ReadonlySet<string>): LinkTarget {
  if (/^[a-z][a-z0-9+.-]*:|^#|^\/\//i.test(link)) return { href: link };
  const [name = '', fragment] = link.split('#');
  const named = posix.join(posix.dirname(source), decodeURI(name)).replace(/\/$/, '');
  const path = sources.has(`${named}/README.md`) ? `${named}/README.md` : named;
  const place = sources.has(path) ? placeOfPage(path) : placeOfFile(path);
  const href = posix.relative(posix.dirname(placeOfPage(source)), place);
  return { href: fragment === undefined ? href : `${href}#${fragment}`, path };
}
