import type { Chart } from './chart-types.ts';
import { figure } from './chart.ts';
import type { Frame } from './frame.ts';
import { html, type Html } from './markup.ts';
import type { Section } from './section.ts';

/** All charts, the run's own first, on one time axis. */
export function courseSection(charts: readonly Chart[], signals: readonly Chart[], frame: Frame): Section {
  const [id, title] = ['charts', 'Course of the run'];
  if (frame.bands.length === 0) return { id, title, body: html`<p class="quiet">Nothing to draw.</p>` };
  const large = charts.filter(({ size }) => size !== 'small');
  const generator = charts.filter(({ size }) => size === 'small');
  const noErrors =
    !charts.some((chart) => chart.id === 'errors') && html`<p class="quiet">No errors in the whole run.</p>`;
  const body = html`<div class="tools" hidden></div>
    ${large.map((chart) => figure(chart, frame))} ${noErrors}
    ${signals.length > 0 && multiples('Signals of the system', signals, frame)}
    ${multiples('The generator itself', generator, frame)}`;
  return { id, title, body };
}

const multiples = (title: string, charts: readonly Chart[], frame: Frame): Html =>
  html`<section class="group">
    <h3>${title}</h3>
    <div class="multiples">${charts.map((chart) => figure(chart, frame))}</div>
  </section>`;
