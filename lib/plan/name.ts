/** A name, and the way from its value to one inside it: `order.lines[0].id`. `users.email` may be a feeder's column instead. */
export interface Reference {
  readonly root: string;
  readonly path: readonly (string | number)[];
}

const STEP = String.raw`\.[A-Za-z_][\w-]*|\[\d{1,9}\]`;

/** Letters of a reference, as the beginning of a pattern. */
export const REFERENCE = String.raw`[A-Za-z_][\w-]*(?:${STEP})*`;

export const WHOLE_REFERENCE = new RegExp(`^${REFERENCE}$`);

export const isReference = (text: string): boolean => WHOLE_REFERENCE.test(text);

/** `text` is a reference. */
export function referenceOf(text: string): Reference {
  const [root = '', ...steps] = text.match(/^[\w-]+|[A-Za-z_][\w-]*|\d+/g) ?? [];
  return { root, path: steps.map((step) => (/^\d/.test(step) ? Number(step) : step)) };
}
