import { z } from 'zod';

/** An ARN of one kind of resource; `after` is what follows the account, `form` how a message shows it. */
export const arn = (service: string, after: RegExp, form: string) =>
  z
    .string()
    .regex(
      new RegExp(`^arn:aws[\\w-]*:${service}:[a-z0-9-]+:\\d{12}:${after.source}$`),
      `is no such ARN; write it as arn:aws:${service}:REGION:ACCOUNT:${form}`,
    );
