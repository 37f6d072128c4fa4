import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type ErrorCode, errorTable, exitCodes } from '../../../lib/errors.ts';
import { CommandLine, type Ended } from '../command-line.ts';

const KEYS = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' };
const ARN = 'arn:aws:states:us-east-1:111122223333:stateMachine:m';

/** As S3 and Step Functions answer: recorded by their documented shapes, which moto never gives. */
const s3Error = (status: number, code: string): RequestListener => {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>told by S3</Message></Error>`;
  return (_, reply) => reply.writeHead(status, { 'content-type': 'application/xml' }).end(body);
};
const jsonError = (status: number, type: string): RequestListener => {
  const body = JSON.stringify({ __type: type, message: 'told by AWS' });
  return (_, reply) => reply.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
};

async function against(listener: RequestListener, args: readonly string[], env = KEYS): Promise<Ended> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    return await new CommandLine(['cloud', ...args], { env: { ...env, AWS_ENDPOINT_URL } }).ended;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const IN_BUCKET = ['--bucket', 'results'] as const;
const inEnvironment = ['--env', 'staging'] as const;

const cases: readonly [string, RequestListener, readonly string[], ErrorCode, string][] = [
  ['expired credentials, by S3', s3Error(400, 'ExpiredToken'), ['list', ...IN_BUCKET], 'E-AWS-CREDENTIALS', 's3:'],
  ['a wrong key, by S3', s3Error(403, 'InvalidAccessKeyId'), ['watch', ...IN_BUCKET], 'E-AWS-CREDENTIALS', 's3:'],
  ['no right, by S3', s3Error(403, 'AccessDenied'), ['report', ...IN_BUCKET], 'E-AWS-DENIED', 's3:'],
  [
    'a bucket of another region',
    s3Error(301, 'PermanentRedirect'),
    ['list', ...IN_BUCKET],
    'E-STORE',
    "The bucket results can't be used from this region",
  ],
  [
    'expired credentials, by ECS',
    jsonError(400, 'ExpiredTokenException'),
    ['start', 'plans/smoke.yaml', ...inEnvironment, '--yes'],
    'E-AWS-CREDENTIALS',
    'ecs:ListTaskDefinitionFamilies',
  ],
  ['no right, by ECS', jsonError(400, 'AccessDeniedException'), ['stop', ...inEnvironment], 'E-AWS-DENIED', 'ecs:'],
  [
    'no right to start, by Step Functions',
    (request, reply) => {
      const isStart = String(request.headers['x-amz-target']).endsWith('StartExecution');
      if (isStart) return jsonError(400, 'AccessDeniedException')(request, reply);
      return request.method === 'PUT' ? reply.end() : s3Error(404, 'NoSuchKey')(request, reply);
    },
    ['start', 'plans/smoke.yaml', ...IN_BUCKET, '--state-machine', ARN, '--yes'],
    'E-AWS-DENIED',
    'states:StartExecution',
  ],
];

test.each(cases)('%s: code, action and remedy', async (_, listener, args, code, action) => {
  const { code: exit, out, err } = await against(listener, args);
  expect(err).toContain(`${code}: ${action}`);
  expect(err).toContain(errorTable[code].remedy);
  expect({ exit, out }).toEqual({ exit: exitCodes.cloudFailed, out: '' });
  expect(err).not.toMatch(/^\s+at /m);
});

test('what a plan needs is in the bucket before the workflow is started', async () => {
  const asked: string[] = [];
  const listener: RequestListener = (request, reply) => {
    const target = String(request.headers['x-amz-target'] ?? '')
      .split('.')
      .at(-1);
    asked.push(target === '' ? (request.method ?? '') : (target ?? ''));
    if (target !== '') return reply.end(JSON.stringify({ executionArn: 'arn:one', startDate: 0 }));
    return request.method === 'PUT' ? reply.end() : s3Error(404, 'NoSuchKey')(request, reply);
  };
  const args = ['start', 'plans/smoke.yaml', ...IN_BUCKET, '--state-machine', ARN, '--yes'];
  expect(await against(listener, args)).toMatchObject({ code: exitCodes.passed, out: 'arn:one\n' });
  expect(asked.slice(-2)).toEqual(['PUT', 'StartExecution']);
});

/** As far as config/ knows: of a balancer only the workflow can say whether it is the one that was built. */
test.each([
  ['http://internal-shop-1.us-east-1.elb.amazonaws.com', exitCodes.passed],
  ['http://internal-shop-1.eu-west-1.elb.amazonaws.com', exitCodes.targetRefused],
  ['https://shop.example.org', exitCodes.targetRefused],
])('a plan for %s is refused before it is uploaded, if the workflow surely would', async (target, code) => {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-plan-'));
  const path = join(folder, 'shop.yaml');
  const plan = await readFile('plans/smoke.yaml', 'utf8');
  await writeFile(path, `target: ${target}\n${plan.replace(/^target:.*\n/m, '')}`);
  const asked: string[] = [];
  const listener: RequestListener = (request, reply) => {
    asked.push(request.method ?? '');
    if (request.headers['x-amz-target'] !== undefined)
      return reply.end(JSON.stringify({ executionArn: 'arn:one', startDate: 0 }));
    return request.method === 'PUT' ? reply.end() : s3Error(404, 'NoSuchKey')(request, reply);
  };
  const args = ['start', path, ...inEnvironment, ...IN_BUCKET, '--state-machine', ARN, '--yes'];
  expect(await against(listener, args)).toMatchObject({ code });
  expect(asked.includes('PUT')).toBe(code === exitCodes.passed);
  await rm(folder, { recursive: true });
});

test('no credentials at all', async () => {
  const none = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', HOME: '/nonexistent' };
  const env = { ...none, AWS_EC2_METADATA_DISABLED: 'true' };
  const { code, err } = await against(s3Error(500, 'InternalError'), ['list', ...IN_BUCKET], env);
  expect(code).toBe(exitCodes.cloudFailed);
  expect(err).toContain('E-AWS-CREDENTIALS: ');
});

// As in a shell that has the variable, and nothing in it.
test('no region', async () => {
  const env = { ...KEYS, AWS_REGION: '', AWS_CONFIG_FILE: '/nonexistent' };
  const { code, err } = await against(s3Error(500, 'InternalError'), ['list', ...IN_BUCKET], env);
  expect(code).toBe(exitCodes.cloudFailed);
  expect(err).toContain('E-AWS-CREDENTIALS: s3:ListBucket: Region ');
  expect(err).toContain(errorTable['E-AWS-CREDENTIALS'].remedy);
});
