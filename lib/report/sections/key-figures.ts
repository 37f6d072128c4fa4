import { keyFigures as figuresOf } from '../figures.ts';
import type { SectionOf } from './section.ts';

/** Of equal weight: none of them is a verdict. */
export const keyFigures: SectionOf = (report) => ({
  id: 'strip',
  title: 'Key figures',
  lead: 'unnamed',
  blocks: [{ block: 'figures', names: ['Figure', 'Value', 'Where'], figures: figuresOf(report) }],
});
