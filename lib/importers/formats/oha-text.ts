import { printedSummary } from '../building/printed-summary.ts';
import type { Importer } from '../reading/importer.ts';
import { linesOfOne, shortLines } from '../reading/printed.ts';
import { ohaTimes } from './oha.ts';

const RATE = /^Success rate:/;

/** What oha prints. */
export const ohaText: Importer = {
  name: 'oha text',
  takes: 'document',
  recognises: ({ text }) => {
    const lines = shortLines(text.slice(0, 100_000));
    return lines.some((line) => RATE.test(line)) && lines.some((line) => line.startsWith('Slowest:'));
  },
  read: ({ text }) => ({
    tool: 'oha',
    evidence: 'summary',
    times: { ...ohaTimes, stepUs: 100 },
    model: 'unknown',
    ...printedSummary(linesOfOne(text, { tool: 'oha', line: RATE })),
  }),
};
