import { z } from 'zod';
import { WHOLE_REFERENCE } from '../../name.ts';

/** What templates can call by name: variables, captures, feeders; and names of environment variables. */
export const variableName = z
  .string()
  .regex(/^[A-Za-z_][\w-]*$/, 'is no name; use letters, digits, - and _, beginning with a letter');

export const reference = z.string().regex(WHOLE_REFERENCE, 'is no name; write one such as items, or order.lines');
