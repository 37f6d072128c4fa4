import { z } from 'zod';

/** What templates can call by name: variables, captures, feeders; and names of environment variables. */
export const variableName = z
  .string()
  .regex(/^[A-Za-z_][\w-]*$/, 'is no name; use letters, digits, - and _, beginning with a letter');
