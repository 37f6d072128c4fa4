import type { Section } from '../../sections/section.ts';
import { html, type Content, type Html } from './markup.ts';

/** A part of the page that the contents name. */
export const sectionHtml = ({ id, title }: Section, body: Content): Html =>
  html`<section id="${id}">
    <h2>${title}</h2>
    ${body}
  </section>`;

/** A part that is read before the contents. */
export const leadHtml = ({ id, title, lead }: Section, body: Content): Html =>
  lead === 'unnamed'
    ? html`<section class="${id}" aria-label="${title}">${body}</section>`
    : html`<section class="${id}">
        <h2>${title}</h2>
        ${body}
      </section>`;

export const contents = (sections: readonly Section[]): Html =>
  html`<nav aria-label="Contents">
    <ul>
      ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
    </ul>
  </nav>`;
