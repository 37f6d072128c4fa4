import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What a request shows of where it comes from. */
export interface ShownRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** Of its address, if it has one. */
  readonly token: string | undefined;
}

/** `enter`: the right token in the address, to be exchanged for a cookie. */
export type Access =
  | { readonly status: 200 | 'enter' }
  | { readonly status: 403 | 405 | 421; readonly because: string };

/** Who may use the page: those who know the token that the terminal has shown, from a page of its own address. */
export class AccessGuard {
  readonly #token: string;
  readonly #port: number;

  constructor(token: string, port: number) {
    this.#token = token;
    this.#port = port;
  }

  /** Cookies know no ports, and several pages may be open. */
  get cookie(): string {
    return `plimsoll-${this.#port}=${this.#token}; HttpOnly; SameSite=Strict; Path=/`;
  }

  judge({ method, headers, token }: ShownRequest): Access {
    const hosts = [`127.0.0.1:${this.#port}`, `localhost:${this.#port}`];
    const { host = '', origin } = headers;
    // A foreign name that resolves to this machine (DNS rebinding) still stands in Host.
    if (!hosts.includes(host)) return { status: 421, because: 'This address is not served here.' };
    if (!['GET', 'HEAD', 'POST'].includes(method)) return { status: 405, because: 'This is not done here.' };
    if (origin !== undefined && origin !== `http://${host}`)
      return { status: 403, because: 'Another page has asked for this.' };
    if (method === 'POST' && origin === undefined)
      return { status: 403, because: 'Where this was asked from is not known.' };
    if (token !== undefined && method !== 'POST')
      return this.isToken(token) ? { status: 'enter' } : { status: 403, because: NO_TOKEN };
    return this.isToken(this.#cookieOf(headers)) ? { status: 200 } : { status: 403, because: NO_TOKEN };
  }

  /** In a time that does not depend on how much of it is right. */
  isToken(given: string): boolean {
    return timingSafeEqual(digest(given), digest(this.#token));
  }

  #cookieOf({ cookie = '' }: IncomingHttpHeaders): string {
    const name = `plimsoll-${this.#port}=`;
    const pair = cookie.split(/;\s*/).find((each) => each.startsWith(name));
    return pair?.slice(name.length) ?? '';
  }
}

const NO_TOKEN = 'Open the address that plimsoll ui has shown in the terminal; it holds a token.';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const SHARED_HEADERS = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
};

/** Nothing but the page's own files, and no script or style within it. */
export const PAGE_HEADERS = {
  ...SHARED_HEADERS,
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
};

/** A report is a file of a run, which may come from elsewhere: it gets an origin of its own, and reaches nothing. */
export const REPORT_HEADERS = {
  ...SHARED_HEADERS,
  'Content-Security-Policy':
    "sandbox allow-scripts; default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
};
