import type { Verdict } from '../../../analysis/verdict.ts';
import { Html, html } from './markup.ts';

/**
 * The shapes of the page, drawn once and used by name. `ring` is the Plimsoll mark's circle; the page's own line runs through it.
 * Each verdict has a shape of its own, so that none is known by its colour alone.
 */
const SHAPES: Readonly<Record<Verdict | 'ring', string>> = {
  ring: '<circle cx="12" cy="12" r="10.4" fill="none" stroke="currentColor" stroke-width="2.8"/>',
  pass: '<circle cx="12" cy="12" r="11" fill="currentColor"/><path d="m6.8 12.4 3.5 3.5 7-7.4" fill="none" stroke="var(--paper)" stroke-width="2.6"/>',
  warn: '<path d="M12 1.6 23.4 22H.6z" fill="currentColor"/><path d="M12 9v6.4m0 2v2.4" stroke="var(--paper)" stroke-width="2.6"/>',
  fail: '<path d="M7.4 1h9.2L23 7.4v9.2L16.6 23H7.4L1 16.6V7.4z" fill="currentColor"/><path d="m7.8 7.8 8.4 8.4m0-8.4-8.4 8.4" stroke="var(--paper)" stroke-width="2.6"/>',
  unknown:
    '<circle cx="12" cy="12" r="9.8" fill="none" stroke="currentColor" stroke-width="2.2" stroke-dasharray="3.4 2.76"/><path d="M7.5 12h9" stroke="currentColor" stroke-width="2.4"/>',
  void: '<circle cx="12" cy="12" r="9.6" fill="none" stroke="currentColor" stroke-width="2.6"/><path d="m5.4 18.6 13.2-13.2" stroke="currentColor" stroke-width="2.6"/>',
};

export const sprite: Html = new Html(
  `<svg width="0" height="0" class="sprite" aria-hidden="true">${Object.entries(SHAPES)
    .map(([name, body]) => `<symbol id="s-${name}" viewBox="0 0 24 24">${body}</symbol>`)
    .join('')}</svg>`,
);

export const shape = (name: Verdict | 'ring'): Html =>
  html`<svg class="shape" aria-hidden="true"><use href="#s-${name}" /></svg>`;

/** Shape and colour of a verdict, and its word or another one. */
export const verdictMark = (verdict: Verdict, word: string = verdict): Html =>
  html`<span class="verdict ${verdict}">${shape(verdict)}${word}</span>`;

/** The Plimsoll mark for the browser's tab, in a data URL: it must not be fetched. */
export const icon: Html = new Html(
  `<link rel="icon" href="data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><circle cx="12" cy="12" r="7.6" fill="none" stroke="#0b3a5b" stroke-width="2.6"/><path d="M1 12h22" stroke="#b3261e" stroke-width="2.6"/></svg>')}">`,
);
