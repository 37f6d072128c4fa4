import type { SectionOf } from './section.ts';

const MEANINGS: readonly (readonly [term: string, meaning: string])[] = [
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

/** The page explains its own words: it is passed on to people who have no manual at hand. */
export const terms: SectionOf = () => ({
  id: 'glossary',
  title: 'Terms',
  detail: true,
  blocks: [{ block: 'pairs', names: ['Term', 'Meaning'], pairs: MEANINGS }],
});
