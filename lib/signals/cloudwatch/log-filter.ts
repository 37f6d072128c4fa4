import { GRAVE_LEVELS, TROUBLE_WORDS } from '../log-lines.ts';

/** pino's and bunyan's levels from 40 on; quotation marks can't be written in an expression. */
const GRAVE_NUMBERS = ['level.{2,6}[4-9]\\d', 'level.{2,6}\\d{3}'];

/** Neither groups nor flags can be written, so each letter stands in both cases. */
const inAnyCase = (words: string): string =>
  words.replaceAll(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`).replaceAll(' ', '.');

/**
 * The filter pattern by which CloudWatch Logs leaves out lines that `troubleIn` would not show: those of each request, mostly. What it
 * lets through is judged by that. Source: Amazon CloudWatch Logs User Guide, "Supported regular expressions (regex) syntax".
 */
export const troubleFilter = `%${[...new Set([...TROUBLE_WORDS, ...GRAVE_LEVELS].map(inAnyCase)), ...GRAVE_NUMBERS].join('|')}%`;
