/**
 * No request can be made of a user's values: a failure of the kind `request`. The reason names what the plan writes, and the origin of an
 * address, and no other value, which may be a secret.
 */
export class NoRequest {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

class Refusal extends Error {}

/** One for all, since a stack trace costs more than a request. */
const REFUSAL = new Refusal();

/** Ends the making of a request; see `usable`. */
export function refuseValue(reason: string): never {
  REFUSAL.message = reason;
  throw REFUSAL;
}

/** `render`, with a value instead of a throw where a value has no place. */
export const usable =
  <Args extends readonly unknown[], T>(render: (...args: Args) => T) =>
  (...args: Args): T | NoRequest => {
    try {
      return render(...args);
    } catch (error) {
      if (error instanceof Refusal) return new NoRequest(error.message);
      throw error;
    }
  };
