import { html, type Content, type Html } from './markup.ts';

/** A part of the page that the contents name. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Content;
}

export const sectionHtml = ({ id, title, body }: Section): Html =>
  html`<section id="${id}">
    <h2>${title}</h2>
    ${body}
  </section>`;

export const contents = (sections: readonly Section[]): Html =>
  html`<nav aria-label="Contents">
    <ul>
      ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
    </ul>
  </nav>`;
