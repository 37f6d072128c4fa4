import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { HttpInput } from '../../../lib/plan/steps/schemas/request.ts';
import { selfSigned } from '../../system/honesty/certificates.ts';
import { journeyOf, senders } from './exchange.ts';

/** Valid for a name and an address, neither of which is where the server listens. */
const { key, cert } = selfSigned({ host: 'shop.example.test', address: [10, 0, 0, 7], fromDays: -1, untilDays: 1 });

const seen: { readonly sni: string | false | null; readonly host: string | undefined }[] = [];
const server = createServer({ key, cert }, ({ socket, headers: { host } }, reply) => {
  seen.push({ sni: (socket as TLSSocket & { servername: string | false }).servername, host });
  reply.end('ok');
});

beforeAll(async () => void (await once(server.listen(0, '127.0.0.1'), 'listening')));
beforeEach(() => void seen.splice(0));
afterAll(() => void server.close());

const SHOP = 'shop.example.test';

interface Claim {
  readonly host?: string;
  readonly servername?: string;
  readonly insecure?: boolean;
}

/** What is claimed, and the server name that the handshake has where it comes about. */
const claims: readonly (readonly [string, Claim, string | false | undefined])[] = [
  ['the host of the address', {}, undefined],
  ['the Host header', { host: SHOP }, SHOP],
  ['the Host header with a port', { host: `${SHOP}:443` }, SHOP],
  ['a Host that the certificate has not', { host: 'other.example.test' }, undefined],
  ['a Host that is an address of the certificate, which is no SNI', { host: '10.0.0.7' }, false],
  ['a Host that is another address', { host: '10.0.0.8' }, undefined],
  ['servername', { servername: SHOP }, SHOP],
  ['servername goes before Host', { host: 'other.example.test', servername: SHOP }, SHOP],
  ['so it does where it is wrong', { host: SHOP, servername: 'other.example.test' }, undefined],
  ['anything, where the plan says so', { host: 'other.example.test', insecure: true }, 'other.example.test'],
];

describe.each(senders)('%s', (_, http2) => {
  const run = async ({ host, ...tls }: Claim, steps: HttpInput[]) => {
    const { port } = server.address() as AddressInfo;
    const plan = { http2, tls, ...(host !== undefined && { headers: { Host: host } }) };
    return await journeyOf({ target: `https://127.0.0.1:${port}`, plan, steps, ca: cert });
  };

  test.each(claims)('SNI and certificate go by %s', async (__, claim, sni) => {
    const { ok, failures } = await run(claim, [{ get: '/' }]);
    const host = claim.host ?? `127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect([ok, failures, seen]).toEqual(sni === undefined ? [0, { tls: 1 }, []] : [1, {}, [{ sni, host }]]);
  });

  test.each<readonly [string, string, RegExp]>([
    ['the certificate and the name', 'https://127.0.0.1:PORT', /altnames.*127\.0\.0\.1/],
    ['the address that refused', 'https://127.0.0.1:1', /ECONNREFUSED 127\.0\.0\.1:1$/],
  ])('a failure says %s', async (__, target, said) => {
    const { port } = server.address() as AddressInfo;
    const given = { target: target.replace('PORT', String(port)), plan: { http2 }, steps: [{ get: '/' }], ca: cert };
    const { examples = {}, failures } = await journeyOf(given);
    expect(Object.keys(examples)).toEqual(Object.keys(failures));
    expect(Object.values(examples)).toEqual([expect.stringMatching(said)]);
  });

  test('a connection of one name carries no request of another', async () => {
    const steps = ['a.test', 'b.test', 'a.test'].map((host) => ({ get: '/', headers: { host } }));
    expect(await run({ insecure: true }, steps)).toMatchObject({ ok: 3 });
    expect(seen.map(({ sni }) => sni)).toEqual(['a.test', 'b.test', 'a.test']);
  });
});

const CLIENT = selfSigned({ host: 'client.example.test', fromDays: -1, untilDays: 1 });
const KEY = 'PLIMSOLL_TEST_CLIENT_KEY';

describe.each(senders)('%s, asked for a certificate', (_, http2) => {
  const asking = createServer(
    { key, cert, ca: CLIENT.cert, requestCert: true, rejectUnauthorized: true },
    (request, reply) => {
      reply.end((request.socket as TLSSocket).getPeerCertificate().subject.CN);
    },
  );
  beforeAll(async () => {
    process.env[KEY] = CLIENT.key;
    await once(asking.listen(0, '127.0.0.1'), 'listening');
  });
  afterAll(() => {
    delete process.env[KEY];
    asking.closeAllConnections();
    asking.close();
  });

  const send = (client: object, own?: string) =>
    journeyOf({
      target: `https://127.0.0.1:${(asking.address() as AddressInfo).port}`,
      plan: { http2, tls: { servername: SHOP, ...client } },
      steps: [{ get: '/', expect: { body: 'client.example.test' } }],
      ca: cert,
      ...(own !== undefined && { cert: own }),
    });

  test('its own is shown, with the key of the environment', async () => {
    expect(await send({ cert: 'client.pem', key: KEY }, CLIENT.cert)).toMatchObject({ sent: 1, ok: 1 });
  });

  test('without one it is refused', async () => {
    expect(await send({})).toMatchObject({ sent: 1, ok: 0, failed: 1 });
  });
});
