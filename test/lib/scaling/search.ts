/** As `plimsoll capacity` writes it: 200 arrivals a second, 1.5 requests each. */
export const summary = {
  format: 'plimsoll.summary.v1',
  run: { id: 'r-1', startedAt: '2026-03-02T09:00:00Z', endedAt: '2026-03-02T09:04:00Z', version: '0.1.0' },
  verdict: 'pass',
  phases: [
    { name: 'probe 1', offeredPerSecond: 100, verdict: 'pass' },
    { name: 'probe 2', offeredPerSecond: 180, verdict: 'pass' },
    { name: 'probe 3', offeredPerSecond: 300, verdict: 'fail' },
  ],
  capacity: {
    verdict: 'found',
    reason: '',
    perSecond: 200,
    throughputPerSecond: 300,
    interval: [190, 210],
    confidence: 0.95,
    holdSeconds: 30,
    objective: 'p99 < 300ms',
    limitUs: 300_000,
    probes: [
      { perSecond: 100, verdict: 'pass', throughputPerSecond: 150, quantilesUs: [50_000], piledUp: false },
      { perSecond: 180, verdict: 'pass', throughputPerSecond: 270, quantilesUs: [150_000], piledUp: false },
      { perSecond: 300, verdict: 'fail', throughputPerSecond: 390, quantilesUs: [2_000_000], piledUp: true },
    ],
  },
};

/** When the phases were, and what the service said of itself. */
export const report = {
  format: 'plimsoll.report.v1',
  timeline: [
    { startSeconds: 0, durationSeconds: 10 },
    { startSeconds: 10, durationSeconds: 10 },
    { startSeconds: 20, durationSeconds: 10 },
  ],
  signals: [
    {
      id: 'service.tasks',
      points: [
        [5, 3],
        [15, 3],
        [25, 3],
      ],
    },
    {
      id: 'service.cpu',
      points: [
        [5, 0.35],
        [11, 0.36],
        [15, 0.62],
        [18, 0.64],
        [25, 1],
      ],
    },
  ],
};
