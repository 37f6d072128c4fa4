import * as fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { har } from '../../../lib/converters/har/har.ts';
import { convertedBy } from './by.ts';
import { recording } from './recording.ts';

const SHOP = 'https://shop.example.test';
const secret = fc.stringMatching(/^[A-Za-z\d]{12,40}$/);

test('no secret gets into a plan or into what is said of it, wherever it stands', async () => {
  const place = fc.constantFrom('authorization', 'x-api-key', 'cookie', 'query', 'form', 'json', 'path');
  await fc.assert(
    fc.asyncProperty(secret, place, async (value, where) => {
      const body = {
        form: { mimeType: 'application/x-www-form-urlencoded', text: `password=${value}` },
        json: { mimeType: 'application/json', text: JSON.stringify({ a: [{ clientSecret: value }] }) },
      };
      const headers = ['authorization', 'x-api-key', 'cookie'].includes(where)
        ? { [where]: where === 'authorization' ? `Bearer ${value}` : value }
        : { authorization: value };
      const script = recording([
        {
          method: 'POST',
          url: `${SHOP}/a?access_token=${value}`,
          headers,
          post: where === 'json' ? body.json : body.form,
        },
        { url: `${SHOP}/${where === 'path' ? value : 'b'}?note=${value}` },
      ]);
      const { text, said } = await convertedBy(har, script);
      expect(`${text}${said.join()}`).not.toContain(value);
    }),
    { numRuns: 60 },
  );
});

test.each([
  ['JSON', (value: string) => JSON.stringify({ cmd: 7, token: value })],
  ['JSON with blanks', (value: string) => JSON.stringify({ cmd: [{ accessToken: value }] }, null, 1)],
  ['an address', (value: string) => `https://id.example.test/?a=1&session_id=${value}#top`],
])('nor does one within a value that is %s', async (_, within) => {
  await fc.assert(
    fc.asyncProperty(secret, fc.boolean(), async (value, isQuery) => {
      const text = `state=${encodeURIComponent(within(value))}`;
      const form = { method: 'POST', url: SHOP, post: { mimeType: 'application/x-www-form-urlencoded', text } };
      const found = await convertedBy(har, recording([isQuery ? { url: `${SHOP}/?${text}` } : form]));
      expect(found.text).toContain('$env(');
      expect(`${found.text}${found.said.join()}`).not.toContain(value);
    }),
    { numRuns: 20 },
  );
});
