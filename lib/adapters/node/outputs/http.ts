import type { Destination } from '../../../outputs/output.ts';
import type { Transport } from './transport.ts';

/** Each message is the body of a POST. A redirect is not followed: the headers may hold a token, which is for this host. */
export function httpTransport({ url, headers }: Extract<Destination, { by: 'http' }>): Transport {
  return {
    send: async (messages, signal) => {
      for (const body of messages) {
        const status = await post(url, { headers, body: body as string | Uint8Array<ArrayBuffer>, signal });
        if (typeof status === 'string') return { again: status };
        // As remote write has it: a request that the receiver calls wrong stays wrong, and one that was too much may not.
        if (status >= 500 || status === 429 || status === 408) return { again: `it answered ${status}` };
        if (status < 200 || status > 299) return { refused: `it answered ${status}` };
      }
      return 'delivered';
    },
    close: async () => undefined,
  };
}

/** The reply's status, or why there was none. */
async function post(url: string, request: RequestInit): Promise<number | string> {
  try {
    const reply = await fetch(url, { ...request, method: 'POST', redirect: 'manual' });
    await reply.arrayBuffer();
    return reply.status;
  } catch (error) {
    if (request.signal?.aborted === true) return 'it did not answer in time';
    return systemsWord(error) ?? 'the request failed';
  }
}

/** Why, as the system says it; what fetch says of it may quote a header. */
function systemsWord(error: unknown): string | undefined {
  const { cause } = error as { cause?: { message?: unknown } | undefined };
  return typeof cause?.message === 'string' ? cause.message : undefined;
}
