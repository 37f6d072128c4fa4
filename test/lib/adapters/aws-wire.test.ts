import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ECSClient } from '@aws-sdk/client-ecs';
import { S3Client } from '@aws-sdk/client-s3';
import { clientDefaults } from '../../../lib/adapters/aws.ts';
import { EcsTasks } from '../../../lib/adapters/ecs-tasks.ts';
import { S3Store } from '../../../lib/adapters/s3-store.ts';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** An endpoint that answers as it is told, and what a client needs to ask it with our defaults, but for shorter waits. */
async function endpoint(listener: RequestListener) {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    ...clientDefaults,
    requestHandler: { ...clientDefaults.requestHandler, requestTimeout: 150, socketTimeout: 150 },
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
    forcePathStyle: true,
  };
}

const storeOf = (config: object): S3Store => new S3Store(new S3Client(config), { bucket: 'results', prefix: '' });

describe('over the wire, with the defaults of every client', () => {
  test('S3 slows us down twice, then serves', async () => {
    let asked = 0;
    const config = await endpoint((_, reply) => {
      asked += 1;
      if (asked > 2) return reply.writeHead(200, { etag: '"1"' }).end('there');
      return reply.writeHead(503, { 'content-type': 'application/xml' }).end('<Error><Code>SlowDown</Code></Error>');
    });
    expect(Buffer.from((await storeOf(config).get('a'))?.body ?? []).toString()).toBe('there');
    expect(asked).toBe(3);
  });

  test('ECS throttles once, then answers', async () => {
    let asked = 0;
    const config = await endpoint((_, reply) => {
      asked += 1;
      reply.setHeader('content-type', 'application/x-amz-json-1.1');
      if (asked > 1) return reply.end('{"taskArns":[]}');
      return reply.writeHead(400).end('{"__type":"ThrottlingException","message":"Rate exceeded"}');
    });
    const tasks = new EcsTasks(new ECSClient(config), { cluster: 'load', family: 'generator' });
    expect(await tasks.listRunning('mine')).toEqual([]);
    // Two lists and one refusal; without tasks nothing is described.
    expect(asked).toBe(3);
  });

  test('expired credentials are told at once', async () => {
    let asked = 0;
    const config = await endpoint((_, reply) => {
      asked += 1;
      reply.writeHead(400, { 'content-type': 'application/xml' });
      reply.end('<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>');
    });
    await expect(storeOf(config).put('a', 'x')).rejects.toMatchObject({
      code: 'E-AWS-CREDENTIALS',
      message: 's3:PutObject: The provided token has expired.',
    });
    expect(asked).toBe(1);
  });

  test('no credentials at all', async () => {
    const config = await endpoint((_, reply) => reply.end());
    const none = () => Promise.reject(Object.assign(new Error('Could not load'), { name: 'CredentialsProviderError' }));
    await expect(storeOf({ ...config, credentials: none }).get('a')).rejects.toMatchObject({
      code: 'E-AWS-CREDENTIALS',
    });
  });

  test('an endpoint that never answers is given up', async () => {
    let asked = 0;
    const config = await endpoint(() => void (asked += 1));
    await expect(storeOf({ ...config, maxAttempts: 2 }).get('a')).rejects.toMatchObject({
      code: 'E-AWS',
      message: expect.stringContaining('150'),
    });
    expect(asked).toBe(2);
  });

  test('so is one that stops in the middle of an object', async () => {
    const config = await endpoint((_, reply) => void reply.writeHead(200, { 'content-length': '1000' }).write('half'));
    await expect(storeOf({ ...config, maxAttempts: 1 }).get('a')).rejects.toMatchObject({ code: 'E-AWS' });
  });

  test('and one where nobody listens', async () => {
    const config = await endpoint((_, reply) => reply.end());
    server?.close();
    await expect(storeOf({ ...config, maxAttempts: 1 }).get('a')).rejects.toMatchObject({
      code: 'E-AWS',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});
