import { DISTRIBUTION, printedSummary } from '../../building/printed-summary.ts';
import type { Importer } from '../../reading/importer.ts';
import { linesOfOne, shortLines } from '../../reading/printed.ts';
import { found, spanUs } from '../../reading/units.ts';
import { ohaTimes } from './json.ts';

const RATE = /^Success rate:/;

/** What oha prints. */
export const ohaText: Importer = {
  name: 'oha text',
  takes: 'document',
  recognises: ({ text }) => {
    const lines = shortLines(text.slice(0, 100_000));
    return lines.some((line) => RATE.test(line)) && lines.some((line) => line.startsWith('Slowest:'));
  },
  read: ({ text }) => {
    const lines = linesOfOne(text, { tool: 'oha', line: RATE, below: DISTRIBUTION });
    return {
      tool: 'oha',
      evidence: 'summary',
      times: { ...ohaTimes, stepUs: stepIn(lines) },
      model: 'unknown',
      ...printedSummary(lines),
    };
  },
};

/** Four digits of a unit that goes by the slowest reply, or by `--time-unit`. */
const stepIn = (lines: readonly string[]): number =>
  Math.max(1, spanUs(`0.0001 ${found(lines, /^Slowest:\s+\S+\s+(.*)$/)?.[1]}`) || 100);
