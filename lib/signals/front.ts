import { gauge, plus, rate, times } from './scrape.ts';
import type { Signal } from './signal.ts';

/** A server in front of the service that is scraped, such as nginx with its exporter. */
export const front: readonly Signal[] = [
  /**
   * Connections that nginx accepted and did not handle: it drops them where a limit is reached, such as worker_connections.
   * Source: nginx, ngx_http_stub_status_module.
   */
  {
    id: 'balancer.dropped',
    title: 'Connections dropped by nginx',
    unit: 'perSecond',
    kind: 'errors',
    accuses: 'balancer',
    limit: { above: 0 },
    read: plus(rate('nginx_connections_accepted'), times(-1, rate('nginx_connections_handled'))),
  },
  /** Clients connected to nginx, idle ones among them. */
  {
    id: 'balancer.connections',
    title: 'Connections of nginx',
    unit: 'count',
    kind: 'traffic',
    read: gauge('nginx_connections_active'),
  },
];
