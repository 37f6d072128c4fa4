import { hostAndPort, postTo } from '../address.ts';
import type { Output } from '../output.ts';
import { EXPOSITION, exposition } from './exposition.ts';
import { REMOTE_WRITE_HEADERS, remoteWrite } from './remote-write.ts';

/** Prometheus both ways: a URL is written to, and a port is listened on for its scrapes. */
export const prometheus: Output = {
  kind: 'prometheus',
  example: 'prometheus=http://127.0.0.1:9090/api/v1/write, or prometheus=:9464 to be scraped',
  usual: ':9464',
  open: (address) => {
    const at = hostAndPort(address.text);
    if (at !== undefined) return { destination: { by: 'scrape', ...at, type: EXPOSITION }, encoder: exposition() };
    const to = postTo(address, '/api/v1/write', 'application/x-protobuf');
    if (typeof to === 'string') return `${to}, nor a port to listen on`;
    return { destination: { ...to, headers: { ...REMOTE_WRITE_HEADERS, ...to.headers } }, encoder: remoteWrite() };
  },
};
