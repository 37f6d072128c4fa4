import { parsePrometheus } from '../../signals/scrape.ts';
import type { SignalSource } from './sampler.ts';

/** The service's own account, as Prometheus text at `url`. A redirect is no reading: only `url`'s host was allowed. */
export const metricsSource = (url: URL): SignalSource => ({
  read: async (signal) => {
    const reply = await fetch(url, { signal, redirect: 'manual' });
    if (!reply.ok) throw new Error(`${url.pathname} answered ${reply.status}`);
    return parsePrometheus(await reply.text());
  },
  close: async () => undefined,
});
