import { posix } from 'node:path';
import { escaped } from '../../../lib/scaling/page/plot.ts';
import type { NavigationGroup } from './markdown.ts';
import { ENTRANCE, placeOfPage, targetOf } from './pages.ts';

export interface Page {
  /** Where it stands on the site. */
  readonly path: string;
  readonly title: string;
  readonly html: string;
}

/** A report of a recorded run, which the navigation shows. */
export interface SampleReport {
  readonly path: string;
  readonly words: string;
}

export interface SiteFrame {
  readonly navigation: readonly NavigationGroup[];
  readonly reports: readonly SampleReport[];
  readonly sources: ReadonlySet<string>;
}

/** A whole page: navigation beside its text, or below it where there is no room. It loads the style sheet and nothing else. */
export function framed({ path, title, html }: Page, frame: SiteFrame): string {
  const to = (place: string): string => escaped(posix.relative(posix.dirname(path), place));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; img-src 'self'">
<title>${escaped(title)} · Plimsoll</title>
<link rel="stylesheet" href="${to('site.css')}">
</head>
<body>
<a class="skip" href="#text">To the text</a>
<header><a href="${to(placeOfPage(ENTRANCE))}">Plimsoll</a><a class="narrow" href="#pages">All pages</a></header>
<div class="columns">
<main id="text">
${html}</main>
${navigation(path, frame, to)}
</div>
</body>
</html>
`;
}

function navigation(
  path: string,
  { navigation: groups, reports, sources }: SiteFrame,
  to: (place: string) => string,
): string {
  const item = (place: string, words: string): string =>
    `<li><a href="${to(place)}"${place === path ? ' aria-current="page"' : ''}>${escaped(words)}</a></li>`;
  const placeOf = (link: string): string =>
    posix.join(posix.dirname(placeOfPage(ENTRANCE)), targetOf(link, ENTRANCE, sources).href);
  const lists = [
    ...groups.map(({ title, links }) => ({ title, items: links.map(({ link, words }) => item(placeOf(link), words)) })),
    { title: 'Two reports', items: reports.map(({ path: place, words }) => item(place, words)) },
  ];
  const sections = lists.map(({ title, items }) => `<h2>${escaped(title)}</h2>\n<ul>${items.join('\n')}</ul>`);
  return `<nav id="pages" aria-label="All pages">\n${sections.join('\n')}\n</nav>`;
}
