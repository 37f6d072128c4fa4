import { firstOf, gauge, plus, rate, spread, times } from '../scrape.ts';
import type { Signal } from '../signal.ts';

/** Labels by which several of one kind are distinguished, by custom. */
const NODES = [
  'upstream',
  'backend',
  'node',
  'server',
  'replica',
  'worker',
  'instance',
  'instance_addr',
  'pod',
  'target',
];
const SERVED_TIME =
  '(?:.*_)?(?:http|request|requests|response|upstream|backend|proxy)_(?:.*_)?(?:duration|latency|time)_seconds';

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
  /** Whether the health check that the plan names failed: 1, or 0. What stands in front of the service asks the same, and takes it out. */
  {
    id: 'service.unhealthy',
    title: 'Failed health check',
    unit: 'count',
    kind: 'errors',
    limit: { above: 0 },
    read: gauge('health_check_failed'),
  },
  /**
   * The slowest node's mean time against the fastest one's, as what stands in front of them counts it, by the label that names a node.
   * Nodes that are alike are as fast as one another, but for chance.
   */
  {
    id: 'balancer.unevenness',
    title: 'Slowest node against the fastest',
    unit: 'count',
    kind: 'saturation',
    accuses: 'balancer',
    limit: { above: 4 },
    read: firstOf(...NODES.map((label) => spread(SERVED_TIME, label))),
  },
];
