import { afterEach, expect, test } from '@jest/globals';
import { storeAt } from '../../../../lib/adapters/aws/s3-store.ts';
import { Endpoint } from './endpoint.ts';

const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

test('a server that is not of AWS is asked by its own name, with the bucket in the path', async () => {
  using endpoint = await Endpoint.open((reply) => reply.end());
  // By a name: of an address the SDK knows by itself that no bucket can stand before it.
  const url = new URL(endpoint.config.endpoint);
  url.hostname = 'localhost';
  const account = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
  Object.assign(process.env, { ...account, AWS_ENDPOINT_URL_S3: url.href });
  await storeAt('s3://results/team').put('runs/a', 'x', 'absent');
  expect(
    endpoint.asked.map(({ url: path, headers }) => [path.split('?')[0], headers.host, headers['if-none-match']]),
  ).toEqual([['/results/team/runs/a', url.host, '*']]);
});
