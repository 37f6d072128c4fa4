import { once } from 'node:events';
import { createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, test } from '@jest/globals';
import { S3Store } from '../../../lib/adapters/aws/s3-store.ts';
import { exitCodes } from '../../../lib/errors.ts';
import { Moto, motoProgram } from '../../lib/adapters/aws/moto.ts';
import { CommandLine } from '../command-line.ts';
import { RunInStore } from './run-in-store.ts';

const program = motoProgram();
const whereMotoIs = program === undefined ? describe.skip : describe;

/** What the SDK sends before it gives up on a call: lib/adapters/aws/client-defaults.ts. */
const ATTEMPTS = 5;

/** Stands before an endpoint, and cuts every connection while it is down. */
class Way {
  isDown = false;
  #cut = 0;
  readonly #server;

  constructor(endpoint: string) {
    this.#server = createServer((request, reply) => {
      if (this.isDown) {
        this.#cut += 1;
        return request.socket.destroy();
      }
      const { method, headers, url } = request;
      const onward = ask(new URL(url ?? '/', endpoint), { method, headers }, (answer) => {
        reply.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(reply);
      });
      request.pipe(onward);
    });
  }

  async open(): Promise<string> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when so many requests were cut off. */
  async cutOften(times: number): Promise<void> {
    while (this.#cut < times) await once(this.#server, 'request');
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

whereMotoIs('a watched run', () => {
  test('is watched on after AWS could not be reached for a while', async () => {
    const moto = await Moto.start(program ?? '');
    const way = new Way(moto.clientConfig.endpoint);
    try {
      const client = new S3Client({ ...moto.clientConfig, forcePathStyle: true });
      await client.send(new CreateBucketCommand({ Bucket: 'results' }));
      const store = new S3Store(client, { bucket: 'results', prefix: '' });
      const execution = 'arn:aws:states:us-east-1:123456789012:execution:m:x';
      const run = new RunInStore({ id: 'r', store, address: 's3://results', execution, target: 'http://127.0.0.1:1' });
      const phases = [{ name: 'only', kind: 'sustained', duration: '1m', open: { rate: 1 } } as const];
      await run.prepare({ scenarios: [{ name: 'one', steps: [{ get: '/' }] }], phases });
      const env = { ...moto.environment, AWS_ENDPOINT_URL: await way.open() };
      const watching = new CommandLine(['cloud', 'watch', '--bucket', 'results'], { env });
      await watching.said('only: waiting for its tasks');
      way.isDown = true;
      // One call was given up, and another begun.
      await Promise.race([way.cutOften(ATTEMPTS + 1), watching.ended]);
      await run.report('the test is over');
      way.isDown = false;
      expect(await watching.ended).toMatchObject({
        code: exitCodes.interrupted,
        out: expect.stringContaining('the test is over'),
      });
    } finally {
      way.close();
      await moto.stop();
    }
  });
});
