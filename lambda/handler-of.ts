import { z, type ZodType } from 'zod';
import { PlimsollError } from '../lib/errors.ts';

/** What every state of the workflow hands to its function: the execution's ARN, and the state's input. */
export const stateEvent = z.object({ execution: z.string(), state: z.unknown() });

/** A handler that checks its event. What it throws carries the error's code as its name, which is what Step Functions shows. */
export const handlerOf =
  <Event, Output>(schema: ZodType<Event>, act: (event: Event) => Promise<Output>) =>
  async (event: unknown): Promise<Output> => {
    try {
      return await act(schema.parse(event));
    } catch (error) {
      if (error instanceof PlimsollError) {
        error.name = error.code;
        error.message = [error.message, ...error.details].join('\n');
      }
      throw error;
    }
  };
