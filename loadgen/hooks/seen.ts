import { ReadReply } from '../engine/reply/read-reply.ts';
import { headerIn, type Outgoing, type Reply } from '../senders/sender.ts';
import type { SeenReply, SeenRequest } from './messages.ts';

export const seenRequest = ({ origin, path, method, headers, body }: Outgoing): SeenRequest => ({
  method,
  url: origin + path,
  headers: Object.fromEntries(Object.keys(headers).map((name) => [name, headerIn(headers, name) ?? ''])),
  body: typeof body === 'string' || body === null ? body : Uint8Array.from(Buffer.concat(body)),
});

/** Its body as text; one that can't be decoded byte by byte. */
export function seenReply(reply: Reply): SeenReply {
  const { status, headers } = reply;
  try {
    return { status, headers: { ...headers }, body: new ReadReply(reply).text };
  } catch {
    return { status, headers: { ...headers }, body: reply.body.toString('latin1') };
  }
}
