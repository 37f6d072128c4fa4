import { expect, test } from '@jest/globals';
import { rowsOf } from './feeder-of.ts';
import { headsOf, parseText, planOf } from './sources.ts';

/** What is wrong, the plan around it, and the line that is printed: place, path, problem, remedy. */
const refused = [
  [
    'no feeder file',
    { top: 'feeders: { users: { file: none.csv } }' },
    '2:27 feeders.users.file: there is no file "none.csv"; its path is relative to the plan',
  ],
  [
    'a feeder without rows',
    { top: 'feeders: { users: { file: header-only.csv } }' },
    '2:27 feeders.users.file: the file has no row below its header; it needs at least one',
  ],
  [
    'a feeder without a header',
    { top: 'feeders: { users: { file: empty.csv } }' },
    '2:27 feeders.users.file: the file is empty; it needs a header row and at least one row below',
  ],
  [
    'a feeder with a short row',
    { top: 'feeders: { users: { file: ragged.csv } }' },
    '2:27 feeders.users.file: "ragged.csv" is no CSV: line 2 has 1 value, and the header has 2; mend the line',
  ],
  [
    'a feeder that has semicolons, and a comma in a number',
    { top: 'feeders: { users: { file: semicolons.csv } }' },
    '2:27 feeders.users.file: "semicolons.csv" has semicolons between its columns; save it with commas',
  ],
  [
    'a feeder that has tabs',
    { top: 'feeders: { users: { file: tabs.csv } }' },
    '2:27 feeders.users.file: "tabs.csv" has tabs between its columns; save it with commas',
  ],
  [
    'no authority file',
    { top: 'tls: { ca: none.pem }' },
    '2:12 tls.ca: there is no file "none.pem"; its path is relative to the plan',
  ],
  [
    'an authority that is none',
    { top: 'tls: { ca: no-ca.pem }' },
    '2:12 tls.ca: "no-ca.pem" holds no certificate; give a PEM file with -----BEGIN CERTIFICATE-----',
  ],
  [
    'a certificate of the client that is none',
    { top: 'tls: { cert: no-ca.pem, key: CLIENT_KEY }' },
    '2:14 tls.cert: "no-ca.pem" holds no certificate; give a PEM file with -----BEGIN CERTIFICATE-----',
  ],
  [
    'a certificate without its key',
    { top: 'tls: { cert: ca.pem }' },
    '2:14 tls.cert: needs its key; add key with the environment variable that holds it',
  ],
  [
    'a key without a certificate',
    { top: 'tls: { key: CLIENT_KEY }' },
    '2:13 tls.key: is the key of no certificate; add cert, or remove it',
  ],
  [
    'a key that is not there',
    { top: 'tls: { cert: ca.pem, key: NO_SUCH_KEY }' },
    '2:27 tls.key: the environment variable NO_SUCH_KEY is not set; set it to the key, as PEM text',
  ],
  [
    'a key that is none',
    { top: 'tls: { cert: ca.pem, key: TOKEN }' },
    '2:27 tls.key: the environment variable TOKEN holds no private key; set it to PEM text without a password',
  ],
  [
    'the key of another certificate',
    { top: 'tls: { cert: client.pem, key: CLIENT_KEY }' },
    '2:31 tls.key: the environment variable CLIENT_KEY holds the key of another certificate than "client.pem"',
  ],
] as const;

test.each(refused)('refuses %s', async (_, parts, line) => {
  expect(await headsOf(planOf(parts))).toEqual(['E-PLAN-INVALID', line]);
});

test('has the certificate of the client, and of its key the name of its variable only', async () => {
  const plan = await parseText(planOf({ top: 'tls: { cert: ca.pem, key: CLIENT_KEY }' }));
  expect(plan.tls.client).toEqual({ cert: expect.stringContaining('BEGIN CERTIFICATE'), keyFrom: 'CLIENT_KEY' });
  expect(JSON.stringify(plan)).not.toContain('PRIVATE KEY');
});

test('reads rows and the authority, relative to the plan', async () => {
  const top = 'feeders: { users: { file: users.csv, order: unique } }\ntls: { ca: ca.pem }';
  const plan = await parseText(planOf({ top }));
  expect(plan.feeders).toMatchObject([{ name: 'users', order: 'unique', columns: ['email', 'city'] }]);
  expect(rowsOf(plan)).toEqual([
    ['ann@example.test', 'Leeds'],
    ['ben@example.test', 'York, North'],
  ]);
  expect(plan.tls).toEqual({ insecure: false, ca: expect.stringContaining('BEGIN CERTIFICATE') });
});
