/**
 * Named sets of objectives. The documents that they come from disagree, so a plan names the set it is judged by; a phase's own
 * objectives replace the profile's. Signals are those of lib/signals.
 */
export const profiles = {
  /** The staging test plan of the marketplace. */
  staging: [
    'p99 < 500ms, fail > 600ms',
    'p95 < 300ms, warn > 400ms',
    'errors < 0.5%, fail > 1%',
    'throughput > 100/s, fail < 80/s',
    'service.cpu p99 < 80%, fail > 90%',
    'service.memory p99 < 85%, fail > 95%',
    'database.connections max < 160, warn > 180',
    'cache.hit-ratio mean > 90%, warn < 80%',
  ],
  /** The developer template, for a peak of 10,000 users. */
  enterprise: ['p99 < 200ms', 'errors < 0.1%', 'service.cpu p99 <= 70%', 'service.memory p99 <= 80%'],
  /** The failure-mode lab's key figures. */
  lab: [
    'throughput > 100/s',
    'p95 < 500ms',
    'p99 < 1s',
    'errors < 0.1%',
    'service.cpu p99 < 80%',
    'service.memory p99 < 80%',
  ],
  /** The load-testing guide's key figures. */
  guide: ['p50 < 50ms', 'p95 < 200ms', 'p99 < 500ms', 'throughput > 10000/s', 'errors < 0.1%', 'availability > 99.9%'],
  /** The same guide's example thresholds. */
  simple: ['p95 < 500ms', 'errors < 1%'],
  /** The staging test plan's smoke test: a health check within 100 ms. */
  smoke: ['max < 100ms', 'errors <= 0%'],
} as const satisfies Record<string, readonly string[]>;

export type ProfileName = keyof typeof profiles;
