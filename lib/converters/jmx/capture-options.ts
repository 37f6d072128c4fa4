import type { HttpInput } from '../../plan/steps/schemas/request.ts';

export type Captures = NonNullable<HttpInput['capture']>;
export type CaptureInput = Captures[string];

/** 0 is one by chance, below 0 all, and any other number the first. */
export const matchOf = (number: string): { match?: 'random' | 'all' } => {
  if (number.trim() === '0') return { match: 'random' };
  return number.trim().startsWith('-') ? { match: 'all' } : {};
};

/** What a variable is where the reply lacks it. */
export const defaultOf = (text: string): { default?: string } => (text === '' ? {} : { default: text });
