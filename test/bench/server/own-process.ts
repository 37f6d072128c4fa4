import { createServer, type IncomingMessage } from 'node:http';
import { randomUUID } from 'node:crypto';
import { bidReply, HELLO, JOB_LIST, jobReply, ME, tokenReply } from './replies.ts';

/** The server of last resort, where there is no nginx: the same routes and the same account. Argument: the port. */
const counts: Record<string, number> = { get: 0, login: 0, list: 0, job: 0, bid: 0, me: 0, refused: 0 };

interface Answer {
  readonly step: string;
  readonly status: number;
  readonly body: string;
}

const JOB = /^\/api\/jobs\/(\d+)(\/bids)?$/;

function authorised(path: string): Answer | undefined {
  if (path === '/api/jobs') return { step: 'list', status: 200, body: JOB_LIST };
  if (path === '/api/me') return { step: 'me', status: 200, body: ME };
  const [, id, bids] = JOB.exec(path) ?? [];
  if (id === undefined) return undefined;
  return bids === undefined
    ? { step: 'job', status: 200, body: jobReply(id) }
    : { step: 'bid', status: 201, body: bidReply(id) };
}

function answer({ url = '', headers }: IncomingMessage): Answer {
  const path = url.split('?')[0] ?? '';
  if (path === '/') return { step: 'get', status: 200, body: HELLO };
  if (path === '/login') return { step: 'login', status: 200, body: tokenReply(randomUUID().replaceAll('-', '')) };
  const known = /^Bearer [0-9a-f]{32}$/.test(headers.authorization ?? '') ? authorised(path) : undefined;
  return known ?? { step: 'refused', status: 401, body: '{}' };
}

createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
  request.resume();
  if (request.url === '/counts') {
    response.end(JSON.stringify(counts));
    return;
  }
  const { step, status, body } = answer(request);
  counts[step] = (counts[step] ?? 0) + 1;
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}).listen(Number(process.argv[2]), '127.0.0.1', 16_384);
