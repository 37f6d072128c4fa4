import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FolderStore } from '../../lib/adapters/node/folder-store.ts';
import { LOCK_KEY } from '../../lib/run/archive/keys.ts';
import { shopSettings } from '../lib/run/workflow/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-abort-'));
const execution = 'arn:aws:states:us-east-1:111122223333:execution:load-test:one';
const places = {
  store: pathToFileURL(folder).href,
  generators: { cluster: 'c' },
  system: {},
  topicArn: 'arn:aws:sns:us-east-1:111122223333:team',
};

let server: Server;
let asked: string[] = [];
let handler: (event: unknown) => Promise<unknown>;

/** Step Functions, of which every execution runs. */
beforeAll(async () => {
  server = createServer((request, reply) => {
    asked.push(String(request.headers['x-amz-target']).split('.').at(-1) ?? '');
    reply.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    reply.end(JSON.stringify({ executionArn: execution, status: 'RUNNING' }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
    PLIMSOLL_SETTINGS: JSON.stringify(shopSettings),
    PLIMSOLL_PLACES: JSON.stringify(places),
  });
  ({ handler } = await import('../../lambda/abort/handler.ts'));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

test('an alarm as EventBridge tells it stops the execution that has the lock', async () => {
  await new FolderStore(folder).put(LOCK_KEY, JSON.stringify({ execution, run: 'r' }));
  asked = [];
  const detail = { alarmName: 'shop-storage', state: { value: 'ALARM', reason: 'full', timestamp: 'now' } };
  const event = {
    version: '0',
    id: 'x',
    source: 'aws.cloudwatch',
    'detail-type': 'CloudWatch Alarm State Change',
    detail,
  };
  expect(await handler(event)).toEqual({ stopped: 'r' });
  expect(asked).toEqual(['DescribeExecution', 'StopExecution']);
});

test('a state of the workflow gets to know what is left to do', async () => {
  expect(await handler({ execution: 'arn:other', state: {} })).toEqual({
    do: 'nothing',
    aborted: 'the execution broke off',
  });
});
