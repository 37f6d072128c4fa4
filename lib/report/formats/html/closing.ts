import { showTime } from '../../numbers.ts';
import type { Report } from '../../report.ts';
import { html, type Html } from './markup.ts';
import type { Section } from './section.ts';

const GLOSSARY: readonly (readonly [term: string, meaning: string])[] = [
  [
    'Response time',
    'From the intended start to the complete reply: what a user feels, waiting before the request included.',
  ],
  ['Service time', 'From sending the request to the complete reply: what the target took.'],
  ['Offered, carried', 'Load asked for by the plan, and successful requests a second that came of it.'],
  [
    'p50, p95, p99',
    'So many percent of the requests took no longer. Of fewer than 100 requests the p99 is the slowest, of fewer than 1,000 the p99.9.',
  ],
  ['Start delay', 'From the intended start to sending: the generator’s own lateness. If it is large, the run is void.'],
  ['Dropped', 'An arrival that could not start within the plan’s patience. It is counted and never forgotten.'],
  ['Void', 'The measurement can’t be trusted, so the phase says nothing of the target and can’t pass.'],
];

const pairs = (entries: readonly (readonly [string, string])[]): readonly Html[] =>
  entries.map(
    ([term, meaning]) =>
      html`<div>
        <dt>${term}</dt>
        <dd>${meaning}</dd>
      </div>`,
  );

export const configurationSection = ({ configuration }: Report): readonly Section[] =>
  configuration.length === 0
    ? []
    : [{ id: 'configuration', title: 'Configuration', body: html`<dl class="pairs">${pairs(configuration)}</dl>` }];

export const glossarySection: Section = {
  id: 'glossary',
  title: 'Terms',
  body: html`<dl class="pairs">${pairs(GLOSSARY)}</dl>`,
};

export const footer = ({ summary: { run, plan } }: Report): Html =>
  html`<footer>
    <p>
      Run <code>${run.id}</code>, ended ${showTime(run.endedAt)}. Plan
      <code>${plan.sha256.slice(0, 12)}</code> (SHA-256). Plimsoll ${run.version}.
    </p>
  </footer>`;
