import { setTimeout as pause } from 'node:timers/promises';

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

export type Caller = (
  method: string,
  path: string,
  options?: { token?: string; body?: object; key?: string },
) => Promise<Answer>;

/** Calls the service as a client would. */
export function callerOf(url: string): Caller {
  return async (method, path, { token, body, key } = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return {
      status: response.status,
      body: (await response.json()) as Record<string, unknown>,
      headers: response.headers,
    };
  };
}

/** Less than the minute for which the service keeps a job in its cache. */
const PATIENCE_MS = 30_000;

/**
 * The service gives its cache 250 ms and its dependencies a second, and does without them then: on a busy machine a first
 * answer may be without.
 */
export async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`it never came: ${holds.toString()}`);
    await pause(100);
  }
}
