import type { Verdict } from '../../lib/analysis/verdict.ts';
import { blockHtml } from '../../lib/report/formats/html/blocks.ts';
import { icon, shape, sprite, verdictMark } from '../../lib/report/formats/html/mark.ts';
import { html, jsonScript, type Content, type Html } from '../../lib/report/formats/html/markup.ts';
import { showTime, unbroken } from '../../lib/report/numbers.ts';
import type { Section } from '../../lib/report/sections/section.ts';
import type { RunLine } from '../../lib/run/archive/runs.ts';
import { counted } from '../../lib/units.ts';
import type { StoredRepeats } from './stored-repeats.ts';

/** What the list shows. */
export interface ListPage {
  readonly runs: readonly RunLine[];
  readonly repeats: readonly StoredRepeats[];
  readonly plans: readonly string[];
  readonly failed: readonly { readonly id: string; readonly said: string }[];
  /** Must be in every form that changes something. */
  readonly token: string;
}

const frame = (title: string, body: Content, live = false): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}, Plimsoll</title>
        ${icon}
        <link rel="stylesheet" href="/page.css" />
        ${
          live &&
          html`<script src="/uplot.js" defer></script>
            <script src="/page.js" type="module"></script>`
        }
      </head>
      <body>
        ${sprite}
        <header class="masthead">
          <p class="brand">${shape('ring')} <a href="/">Plimsoll</a></p>
        </header>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html> `.text;

const VERDICTS: readonly string[] = ['pass', 'warn', 'fail', 'unknown', 'void'] satisfies readonly Verdict[];

const isVerdict = (word: string): word is Verdict => VERDICTS.includes(word);

const mark = (word: string): Html => (isVerdict(word) ? verdictMark(word) : html`<span class="state">${word}</span>`);

export const listPage = ({ runs, repeats, plans, failed, token }: ListPage): string =>
  frame('Runs', [
    failed.map(
      ({ id, said }) =>
        html`<section class="failed" role="status">
          <p><b>${id}</b> ended with this:</p>
          <pre>${said}</pre>
        </section>`,
    ),
    runs.length === 0 ? html`<p class="quiet">There is no run yet.</p>` : runsForm(runs, repeats),
    html`<h2>Plans</h2>`,
    plans.length === 0
      ? html`<p class="quiet">There is no plan here, nor in plans/.</p>`
      : html`<ul class="plans">
          ${plans.map((plan) => planEntry(plan, token))}
        </ul>`,
  ]);

/** Where a run is shown; the name of a repeat has a slash. */
export const addressOfRun = (id: string): string => `/runs/${encodeURIComponent(id)}`;

const runsForm = (runs: readonly RunLine[], repeats: readonly StoredRepeats[]): Html =>
  html`<form action="/compare">
    <div class="scroll" role="region" tabindex="0" aria-label="Runs">
      <table class="runs">
        <thead>
          <tr>
            <th scope="col">Compare</th>
            <th scope="col">Run</th>
            <th scope="col">Verdict</th>
            <th scope="col">Plan</th>
            <th scope="col">Started</th>
          </tr>
        </thead>
        <tbody>
          ${runs.flatMap((run) => [...repeats.filter(({ name }) => isNewestOf(name, run, runs)).map((each) => repeatsRow(each, run)), runRow(run)])}
        </tbody>
      </table>
    </div>
    <p class="actions">
      <button>Compare the chosen runs</button>
      <span class="quiet">The newest of them, or its whole series of repeats, is compared with the others.</span>
    </p>
  </form>`;

/** A series stands above the newest of its runs. */
const isNewestOf = (name: string, { id }: RunLine, runs: readonly RunLine[]): boolean =>
  runs.find((each) => each.id.startsWith(`${name}/`))?.id === id;

const repeatsRow = ({ name, repeats }: StoredRepeats, { startedAt, plan }: RunLine): Html =>
  html`<tr>
    <td><input type="checkbox" name="run" value="${name}" aria-label="Compare all of ${name}" /></td>
    <td><a href="/repeats/${encodeURIComponent(name)}">${name}</a>: ${counted(repeats.runs.length, 'repeat')}</td>
    <td>${mark(repeats.verdict)}</td>
    <td>${plan}</td>
    <td>${showTime(startedAt)}</td>
  </tr>`;

const runRow = ({ id, plan, startedAt, verdict }: RunLine): Html =>
  html`<tr>
    <td><input type="checkbox" name="run" value="${id}" aria-label="Compare ${id}" /></td>
    <td><a href="${addressOfRun(id)}">${id}</a></td>
    <td>${mark(verdict)}</td>
    <td>${plan}</td>
    <td>${showTime(startedAt)}</td>
  </tr>`;

const planEntry = (plan: string, token: string): Html =>
  html`<li>
    <form method="post" action="/start">
      <code>${plan}</code>
      <input type="hidden" name="token" value="${token}" /><input type="hidden" name="plan" value="${plan}" />
      <button name="command" value="run" aria-label="Run ${plan}">Run</button>
      <button name="command" value="capacity" aria-label="Search the capacity with ${plan}">Search the capacity</button>
    </form>
  </li>`;

/** What the page of one run shows beside its live figures. */
export interface RunPage {
  readonly line: RunLine;
  readonly target: string;
  readonly hasReport: boolean;
  readonly isStoppable: boolean;
  readonly token: string;
}

export const runPage = ({ line, target, hasReport, isStoppable, token }: RunPage): string =>
  frame(
    line.plan,
    [
      html`<p class="about">
        <span id="verdict">${mark(line.verdict)}</span> <code>${line.id}</code>, ${showTime(line.startedAt)}, against
        ${target}
      </p>`,
      html`<p class="actions" id="report" ${!hasReport && html` hidden`}>
        <a href="${addressOfRun(line.id)}/report">Report</a>
      </p>`,
      isStoppable &&
        html`<form method="post" action="${addressOfRun(line.id)}/stop" class="actions" id="stop">
          <input type="hidden" name="token" value="${token}" /><button>Stop the load</button>
        </form>`,
      html`<section aria-label="Now" id="live" data-events="${addressOfRun(line.id)}/events">
        <pre id="panel" tabindex="0" aria-label="Figures of the latest second">…</pre>
        <p id="phase" class="quiet" role="status"></p>
      </section>`,
      html`<div id="charts"></div>`,
      html`<section id="search" hidden>
        <h2>The search so far</h2>
        <p id="so-far"></p>
        <div id="bracket"></div>
        <ol id="probes"></ol>
      </section>`,
    ],
    true,
  );

/** Points of runs one upon another, by seconds since the run's start; see PointRow. */
export interface LaidOver {
  readonly id: string;
  /** On the side that is held against the others. */
  readonly isRun: boolean;
  readonly rows: readonly (readonly (number | null)[])[];
}

export const comparePage = (headline: string, sections: readonly Section[], laidOver: readonly LaidOver[]): string =>
  frame(
    'Comparison',
    [
      sentenceAndTables(headline, sections),
      html`<h2>Their courses</h2>
        <div id="charts"></div>`,
      jsonScript('laid-over', laidOver),
    ],
    true,
  );

const sentenceAndTables = (headline: string, sections: readonly Section[]): Content => [
  html`<p class="headline">${unbroken(headline)}</p>`,
  sections.map(
    ({ title, blocks }) =>
      html`<section>
        <h2>${title}</h2>
        ${blocks.map((block) => blockHtml(block))}
      </section>`,
  ),
];

/** What runs of one series have in common, and how much they differ. */
export const repeatsPage = (name: string, headline: string, sections: readonly Section[]): string =>
  frame(name, sentenceAndTables(headline, sections));

export const messagePage = (title: string, sentences: readonly string[]): string =>
  frame(
    title,
    sentences.map((sentence) => html`<p>${sentence}</p>`),
  );
