import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { FolderStore } from '../../../lib/adapters/node/folder-store.ts';
import { storeRunOfExecution } from '../../../lib/run/archive/run-record.ts';
import { storeSystem } from '../../../lib/run/workflow/metrics-csv.ts';
import { Endpoint } from '../../lib/adapters/aws/endpoint.ts';
import { planOf } from '../../lib/run/plan.ts';
import { shopService } from '../../lib/run/workflow/settings.ts';
import { CommandLine, Workplace } from '../command-line.ts';

/** Two hours ago, since CloudWatch has minutes for fifteen days. */
const FROM_MS = (Math.floor(Date.now() / 60_000) - 120) * 60_000;
const moment = (minutes: number): string => new Date(FROM_MS + minutes * 60_000).toISOString();
const run = '2026-03-02T12-00-00Z-shop';

/** As CloudWatch replies (CloudWatch API, GetMetricData): two minutes of one query. */
const REPLY = JSON.stringify({
  MetricDataResults: [
    {
      Id: 'service_cpu',
      StatusCode: 'Complete',
      Timestamps: [FROM_MS / 1000, FROM_MS / 1000 + 60],
      Values: [0.42, 0.5],
    },
  ],
});

test('`plimsoll cloud metrics --from --to` asks CloudWatch for that window, and prints its figures as CSV', async () => {
  await using place = await Workplace.make();
  using endpoint = await Endpoint.open((reply) => void reply.end(REPLY));
  const folder = join(place.path, 'store');
  await mkdir(folder);
  const store = new FolderStore(folder);
  const facts = {
    id: run,
    startedAt: '2026-03-02T12:00:00Z',
    environment: 'shop',
    target: 'http://shop',
    execution: 'arn',
  };
  await storeRunOfExecution(store, { facts: { ...facts, planSha256: 'a', workers: 1 }, plan: planOf([]) });
  await storeSystem(store, run, { resources: shopService, quantities: {} });
  const { config } = endpoint;
  const env = {
    AWS_ENDPOINT_URL_CLOUDWATCH: config.endpoint,
    AWS_REGION: config.region,
    AWS_ACCESS_KEY_ID: config.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: config.credentials.secretAccessKey,
  };
  // The second as it is written two hours further east.
  const window = ['--from', moment(0), '--to', moment(2 + 120).replace('Z', '+02:00')];
  const args = ['cloud', 'metrics', run, '--bucket', pathToFileURL(folder).href, ...window];
  const { code, out, err } = await new CommandLine(args, { env }).ended;
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.trim().split(/\r?\n/)).toEqual([
    'period_start,period_seconds,service.cpu_ratio',
    `${moment(0)},60,0.42`,
    `${moment(1)},60,0.5`,
  ]);
  const body = endpoint.asked[0]?.body ?? '';
  expect(body).toContain('CPUUtilization');
  const asked = JSON.parse(body) as { StartTime: number; EndTime: number };
  expect([asked.StartTime, asked.EndTime].map((seconds) => new Date(seconds * 1000).toISOString())).toEqual([
    moment(0),
    moment(2),
  ]);
});
