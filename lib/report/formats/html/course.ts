import { figure, type Chart } from './chart.ts';
import type { Frame } from './frame.ts';
import { html, type Html } from './markup.ts';

/** What there is to draw: the run's own charts, then those of the system's signals, on one time axis. */
export interface Drawings {
  readonly charts: readonly Chart[];
  readonly signals: readonly Chart[];
  readonly frame: Frame;
}

export function courseHtml({ charts, signals, frame }: Drawings): Html {
  if (frame.bands.length === 0) return html`<p class="quiet">Nothing to draw.</p>`;
  const large = charts.filter(({ size }) => size !== 'small');
  const generator = charts.filter(({ size }) => size === 'small');
  const noErrors =
    !charts.some((chart) => chart.id === 'errors') && html`<p class="quiet">No errors in the whole run.</p>`;
  return html`<div class="tools" hidden></div>
    ${large.map((chart) => figure(chart, frame))} ${noErrors}
    ${signals.length > 0 && multiples('Signals of the system', signals, frame)}
    ${multiples('The generator itself', generator, frame)}`;
}

const multiples = (title: string, charts: readonly Chart[], frame: Frame): Html =>
  html`<section class="group">
    <h3>${title}</h3>
    <div class="multiples">${charts.map((chart) => figure(chart, frame))}</div>
  </section>`;
