import { once } from 'node:events';
import type { Destination, Message } from '../../../outputs/output.ts';
import { nodeHttp } from '../node-http.ts';
import type { Transport } from './transport.ts';

/** Each message is a page, and the latest is served at `/metrics`. Throws where the port can't be listened on. */
export async function scrapeTransport({
  host,
  port,
  type,
}: Extract<Destination, { by: 'scrape' }>): Promise<Transport> {
  let page: Message = '';
  let scrapes = 0;
  let seen = true;
  const scraped = new EventTarget();
  const server = nodeHttp('http:').createServer((request, response) => {
    if (request.url?.split('?')[0] !== '/metrics') return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': type }).end(page);
    scrapes += 1;
    seen = true;
    scraped.dispatchEvent(new Event('scrape'));
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    send: async ([latest = '']) => {
      page = latest;
      seen = false;
      return 'delivered';
    },
    // Who scrapes every second or two gets the last page as well; who never came is not waited for.
    close: async (signal) => {
      if (!seen && scrapes > 0) await once(scraped, 'scrape', { signal }).catch(() => undefined);
      server.close();
      server.closeAllConnections();
      if (seen) return undefined;
      return scrapes === 0 ? 'was never scraped' : 'was not scraped after its last second';
    },
  };
}
