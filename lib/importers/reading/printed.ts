import { stripVTControlCharacters } from 'node:util';
import { PlimsollError } from '../../errors.ts';
import { found } from './units.ts';

/** The figures stand at the end of what a tool prints, or at its beginning. */
const MOST_LETTERS = 512 * 1024;

/** What stands before each line where output was pasted into a mail, a page or a script. */
const QUOTED = /^\s*(?:>|#|\/\/)\s+/;

/** Lines of a text tool's output, trimmed, without colours and marks of quotation; none of them is longer than anything such a tool writes. */
export function shortLines(text: string): string[] {
  const looked = text.length > 2 * MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}\n${text.slice(-MOST_LETTERS)}` : text;
  return looked
    .split(/\r?\n/)
    .map((line) => (line.length > 2000 ? '' : stripVTControlCharacters(line).replace(QUOTED, '').trim()));
}

/**
 * A line that every output of a tool holds just once, with a number if the tool came to its end; and one that stands below all that it
 * says of failures, without which a part that is missing would pass for success.
 */
export interface OnlyLine {
  readonly tool: string;
  readonly line: RegExp;
  readonly below?: RegExp;
}

/**
 * The lines of one output.
 * @throws PlimsollError E-IMPORT-DAMAGED where a file holds several, of which none may be taken for the others, or one that was cut
 */
export function linesOfOne(text: string, { tool, line, below }: OnlyLine): string[] {
  const lines = shortLines(text);
  const [first, second] = lines.flatMap((each, at) => (line.test(each) ? at + 1 : []));
  if (first === undefined)
    throw new PlimsollError('E-IMPORT-DAMAGED', `The file begins as output of ${tool}, but holds no request.`);
  if (second !== undefined)
    throw new PlimsollError(
      'E-IMPORT-DAMAGED',
      `It holds several outputs of ${tool}, the second round line ${second}: give each a file of its own.`,
    );
  if (below !== undefined && found(lines, below) === undefined)
    throw new PlimsollError(
      'E-IMPORT-DAMAGED',
      `The file begins as output of ${tool}, but ends before it has said how the requests ended.`,
    );
  return lines;
}
