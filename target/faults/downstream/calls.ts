import { Problem } from '../../service/problems.ts';
import type { Metrics } from '../../service/metrics.ts';
import type { Bench } from '../bench.ts';
import { decimal, type Fault, valueOf } from '../fault.ts';

/** Calls the downstream service and counts the call as the marketplace counts payments. @throws Problem as a payment would */
async function call({ services, downstreamUrl }: Bench, path: string, timeoutSeconds?: number): Promise<unknown> {
  const startedAtMs = performance.now();
  const outcome = await answer(
    new URL(path, downstreamUrl),
    timeoutSeconds === undefined ? undefined : AbortSignal.timeout(timeoutSeconds * 1_000),
  );
  observe(services.metrics, typeof outcome === 'string' ? outcome : 'succeeded', startedAtMs);
  if (outcome === 'timeout') throw new Problem('provider-timeout');
  if (outcome === 'error') throw new Problem('provider-error');
  return outcome;
}

const observe = ({ downstreamSeconds }: Metrics, outcome: string, startedAtMs: number): void =>
  downstreamSeconds.observe({ outcome }, (performance.now() - startedAtMs) / 1_000);

async function answer(url: URL, signal: AbortSignal | undefined): Promise<object | 'timeout' | 'error'> {
  try {
    const response = await fetch(url, { ...(signal !== undefined && { signal }) });
    const body = (await response.json()) as object;
    return response.ok ? body : 'error';
  } catch (error) {
    return error instanceof DOMException && error.name === 'TimeoutError' ? 'timeout' : 'error';
  }
}

export const callDownstream: Fault = {
  name: 'call-downstream',
  title: 'A slow call in each request, with a time-out',
  bottleneck: 'downstream.latency',
  // A call that the time-out ends is counted as failed as well as slow.
  alsoRight: ['downstream.errors'],
  endpoint: 'GET /api/call-downstream',
  parameters: { timeout: decimal(5, 0.01, 60) },
  disturbs: ['GET /api/jobs'],
  work: (bench, values) => call(bench, '/slow', valueOf(values, 'timeout')),
};

export const cascadeFailure: Fault = {
  name: 'cascade-failure',
  title: 'A call that often fails takes its caller with it',
  bottleneck: 'downstream.errors',
  endpoint: 'GET /api/cascade-failure',
  parameters: { failure_rate: decimal(0.3, 0, 1) },
  disturbs: ['GET /api/jobs/search'],
  work: (bench, values) => call(bench, `/sometimes-fail?failure_rate=${valueOf(values, 'failure_rate')}`, 5),
};

export const noTimeout: Fault = {
  name: 'no-timeout',
  title: 'A call that hangs, without a time-out',
  bottleneck: 'downstream.latency',
  endpoint: 'GET /api/no-timeout',
  parameters: {},
  disturbs: ['GET /api/jobs/:id'],
  work: (bench) => call(bench, '/timeout-trap'),
};
