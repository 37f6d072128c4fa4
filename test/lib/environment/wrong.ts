import { readFileSync } from 'node:fs';
import { PlimsollError } from '../../../lib/errors.ts';
import { parseConfiguration } from '../../../lib/environment/parse.ts';

export const STAGING = readFileSync('config/staging.yaml', 'utf8');
export const SCALING = readFileSync('config/scaling/staging.yaml', 'utf8');

/** The error's code, then its details; nothing where the two files are right. */
export function detailsOf(environment: string, scaling: string): readonly string[] {
  try {
    parseConfiguration(
      { path: 'config/staging.yaml', text: environment },
      { path: 'config/scaling/staging.yaml', text: scaling },
    );
  } catch (error) {
    if (error instanceof PlimsollError) return [error.code, ...error.details];
    throw error;
  }
  return [];
}

/** The line that a text stands in, from 1. */
export const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;

export interface Wrong {
  readonly from: string;
  readonly to: string;
  readonly field: string;
  readonly remedy: string;
  /** What stands in the line that is told, where it is not the one that was changed. */
  readonly at?: string;
}

/** What the first message lacks: it is about the field, stands at its line, and says what to do. */
export function lackOf({ from, to, field, remedy, at }: Wrong): string[] {
  if (!STAGING.includes(from)) return [`${from} in the file`];
  const text = STAGING.replace(from, to);
  const [code, first = ''] = detailsOf(text, SCALING);
  const place = `config/staging.yaml:${lineOf(text, at ?? to)}:`;
  const lacking = [field, remedy, place].filter((part) => !first.includes(part));
  return code === 'E-CONFIGURATION-INVALID' && lacking.length === 0 ? [] : [...lacking, first];
}
