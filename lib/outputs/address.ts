import type { OutputAddress, Destination } from './output.ts';

type Post = Extract<Destination, { by: 'http' }>;

/**
 * Where to POST: an http or https URL, `path` taking the place of a missing one. A user and password in it become basic
 * authentication (RFC 7617). A sentence's part where it is none.
 */
export function postTo({ text, headers }: OutputAddress, path: string, type: string): Post | string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return 'is no http or https URL';
  if (url.pathname === '/') url.pathname = path;
  const { username, password } = url;
  [url.username, url.password, url.hash] = ['', '', ''];
  const basic = [username, password].map(decodeURIComponent).join(':');
  const own = basic === ':' ? {} : { authorization: `Basic ${Buffer.from(basic).toString('base64')}` };
  return { by: 'http', url: url.href, headers: { 'content-type': type, ...own, ...headers } };
}

/** `127.0.0.1:8125`, `[::1]:8125`, `:9464` for a port of this machine's loopback; undefined where it is nothing of the kind. */
export function hostAndPort(text: string): { readonly host: string; readonly port: number } | undefined {
  const [, six, name, digits] = /^(?:\[([\da-f:.]+)\]|([\w.-]*)):(\d{1,5})$/i.exec(text) ?? [];
  const port = Number(digits);
  return port >= 0 && port < 65_536 ? { host: six ?? (name || '127.0.0.1'), port } : undefined;
}
