/** Pieces of JSON Schema the routes share. Bounds keep a request small; they are no business rules. */
export const id = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } as const;
/** Up to ten million euros: what a job can cost. */
export const cents = { type: 'integer', minimum: 1, maximum: 1_000_000_000 } as const;
export const email = { type: 'string', minLength: 3, maxLength: 254, pattern: '^[^\\s@]+@[^\\s@]+$' } as const;
export const password = { type: 'string', minLength: 8, maxLength: 200 } as const;
export const limit = { type: 'integer', minimum: 1, maximum: 100, default: 20 } as const;

/** Text without NUL, which PostgreSQL cannot store. */
export function text(minLength: number, maxLength: number) {
  return { type: 'string', minLength, maxLength, pattern: '^[^\\u0000]*$' } as const;
}

/** An object with exactly these properties, all required unless named optional. */
export function object(properties: Readonly<Record<string, object>>, optional: readonly string[] = []) {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', additionalProperties: false, required, properties } as const;
}

/** A path with an id in it. */
export const idParams = object({ id });

export interface IdParams {
  readonly id: number;
}
