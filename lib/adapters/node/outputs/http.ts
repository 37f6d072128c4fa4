import type { Agent, IncomingMessage } from 'node:http';
import { codeOf, messageOf } from '../../../errors.ts';
import type { Destination, Message } from '../../../outputs/output.ts';
import { nodeHttp } from '../node-http.ts';
import type { Transport } from './transport.ts';

type Target = Extract<Destination, { by: 'http' }>;

/** Each message is the body of a POST. A redirect is not followed: the headers may hold a token, which is for this host. */
export function httpTransport(target: Target): Transport {
  const agent = new (nodeHttp(new URL(target.url).protocol).Agent)({ keepAlive: true, maxSockets: 1 });
  return {
    send: async (messages, signal) => {
      for (const body of messages) {
        const status = await answerOf(target, { agent, body, signal });
        if (typeof status === 'string') return { again: status };
        // As remote write has it: a request that the receiver calls wrong stays wrong, and one that was too much may not.
        if (status >= 500 || status === 429 || status === 408) return { again: `it answered ${status}` };
        if (status < 200 || status > 299) return { refused: `it answered ${status}` };
      }
      return 'delivered';
    },
    close: async () => {
      agent.destroy();
      return undefined;
    },
  };
}

/** The reply's status, or why there was none. */
async function answerOf(target: Target, sent: Posted): Promise<number | string> {
  try {
    return await post(target, sent);
  } catch (error) {
    if (sent.signal.aborted) return 'it did not answer in time';
    return systemsWord(error);
  }
}

/** Only the system's own words: what Node says of a request may quote a header. */
function systemsWord(error: unknown): string {
  // Of a name with several addresses each was tried.
  const last: unknown = error instanceof AggregateError ? error.errors.at(-1) : error;
  if (typeof last === 'object' && last !== null && 'syscall' in last) return messageOf(last);
  return codeOf(last) === 'ECONNRESET' ? 'it hung up' : 'the request failed';
}

interface Posted {
  readonly agent: Agent;
  readonly body: Message;
  readonly signal: AbortSignal;
}

/** By Node's own client, as scrapes are: `fetch` loads undici, 35 ms and 14 MB of the process that makes the load. */
async function post({ url, headers }: Target, { agent, body, signal }: Posted): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const to = new URL(url);
  const request = nodeHttp(to.protocol).request(to, { method: 'POST', headers, agent, signal }, resolve);
  request.on('error', reject).end(body);
  const reply = await promise;
  // An idle connection serves the next second once the reply was read.
  reply.resume();
  return reply.statusCode ?? 0;
}
