import { Counter } from 'prom-client';
import { connectProvider, type PaymentOrder, type PaymentResult, type Provider } from '../../service/provider.ts';
import type { Bench, Release } from '../bench.ts';
import { both, decimal, type Fault, integer, valueOf } from '../fault.ts';

/** What the payment provider is made to do: docs at target/downstream/trouble.ts. */
interface Trouble {
  readonly delay?: number;
  readonly failure_rate?: number;
}

async function trouble({ downstreamUrl, configuration }: Bench, wanted: Trouble): Promise<Release> {
  const put = async (body: Trouble): Promise<void> => {
    const response = await fetch(new URL('/lab/trouble', downstreamUrl), {
      method: 'PUT',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${configuration.token}` },
      body: JSON.stringify(body),
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`the downstream service answered ${response.status}`);
  };
  await put(wanted);
  return () => put({});
}

export const downstreamSlow: Fault = {
  name: 'downstream-slow',
  title: 'The payment provider has become slow',
  bottleneck: 'downstream.latency',
  parameters: { delay: decimal(2, 0, 60) },
  begin: (bench, values) => trouble(bench, { delay: valueOf(values, 'delay') }),
};

export const downstreamFailing: Fault = {
  name: 'downstream-failing',
  title: 'The payment provider fails often',
  bottleneck: 'downstream.errors',
  parameters: { failure_rate: decimal(0.5, 0, 1) },
  begin: (bench, values) => trouble(bench, { failure_rate: valueOf(values, 'failure_rate') }),
};

/** As with no instance of it running at all. */
export const downstreamDown: Fault = {
  name: 'downstream-down',
  title: 'The payment provider is gone: no connection',
  bottleneck: 'downstream.errors',
  parameters: {},
  begin: async ({ downstreamRelay }) => {
    await downstreamRelay.cut();
    return () => downstreamRelay.mend();
  },
};

export const downstreamHanging: Fault = {
  name: 'downstream-hanging',
  title: 'The payment provider hangs, and a time-out ends each call',
  bottleneck: 'downstream.latency',
  // A call that the time-out ends is counted as failed as well as slow.
  alsoRight: ['downstream.errors'],
  parameters: { timeout: decimal(1, 0.05, 60) },
  begin: async (bench, values) => {
    const { metrics } = bench.services;
    const hasty = connectProvider({ url: bench.downstreamUrl, timeoutMs: valueOf(values, 'timeout') * 1_000 }, metrics);
    return both(bench.replace('provider', hasty), await trouble(bench, { delay: 60 }));
  },
};

export const downstreamHangingForEver: Fault = {
  name: 'downstream-hanging-no-timeout',
  title: 'The payment provider hangs, and no time-out ends the calls',
  bottleneck: 'downstream.latency',
  parameters: {},
  begin: async (bench) => {
    const patient = connectProvider({ url: bench.downstreamUrl, timeoutMs: 600_000 }, bench.services.metrics);
    return both(bench.replace('provider', patient), await trouble(bench, { delay: 60 }));
  },
};

export const retryStorm: Fault = {
  name: 'retry-storm',
  title: 'Failed calls are repeated at once, many times',
  bottleneck: 'retry-storm',
  parameters: { tries: integer(5, 2, 20), failure_rate: decimal(0.8, 0, 1) },
  begin: async (bench, values) => {
    const retrying = repeated(bench, bench.services.provider, valueOf(values, 'tries'));
    return both(
      bench.replace('provider', retrying),
      await trouble(bench, { delay: 0.2, failure_rate: valueOf(values, 'failure_rate') }),
    );
  },
};

/** The provider as a client sees it that repeats what failed, without a pause. */
function repeated({ services }: Bench, provider: Provider, tries: number): Provider {
  const { registry } = services.metrics;
  const name = 'downstream_retries_total';
  const retries =
    registry.getSingleMetric(name) ?? new Counter({ name, help: 'Calls that were repeated', registers: [registry] });
  const pay = async (order: PaymentOrder, left: number): Promise<PaymentResult> => {
    try {
      return await provider.pay(order);
    } catch (error) {
      if (left <= 1) throw error;
      if (retries instanceof Counter) retries.inc();
      return pay(order, left - 1);
    }
  };
  return { ...provider, pay: (order) => pay(order, tries) };
}
