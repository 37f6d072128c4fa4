import type { PlanInput } from '../plan/schema.ts';

/** The name of the phase before which the fault is switched on; after it, it is off. */
export const FAULT_PHASE = 'fault';

/** Journeys a second: some seventy requests, which two cores carry with room to spare. */
const PER_SECOND = 24;

/** A healthy service answers within a tenth of that; a busy laptop now and then takes half. */
const OBJECTIVES = ['p95 < 300ms, warn > 300ms', 'errors < 1%, warn > 1%'];

const card = { number: '4242424242424242', expiry: '12/30', cvc: '123' };
const as = (who: string): { authorization: string } => ({ authorization: `Bearer {{ ${who} }}` });
const logIn = (name: string, email: string, capture: string): PlanInput['scenarios'][number]['steps'][number] => ({
  post: '/api/auth/login',
  name,
  json: { email, password: '{{ password }}' },
  capture: { [capture]: '$.token' },
});

const scenarios: PlanInput['scenarios'] = [
  {
    name: 'browse',
    weight: 60,
    steps: [
      { get: '/api/jobs', name: 'list jobs', query: { city: '{{ $pick(Leeds, London, York) }}', limit: 20 } },
      { get: '/api/jobs/search', name: 'search', query: { q: '{{ $pick(kitchen, roof, boiler, fence) }}' } },
      { get: '/api/jobs/{{ $randomInt(1, 60) }}', name: 'read a job' },
    ],
  },
  {
    name: 'trade',
    weight: 30,
    steps: [
      {
        post: '/api/jobs',
        name: 'post a job',
        headers: as('customer'),
        json: {
          trade: 'plumber',
          city: '{{ $pick(Leeds, London, York) }}',
          title: 'Repair the gutter',
          description: 'Reference {{ $uuid }}',
          budgetCents: 25_000,
        },
        capture: { job: '$.id' },
      },
      {
        post: '/api/jobs/{{ job }}/bids',
        name: 'bid',
        headers: as('trade'),
        json: { amountCents: 20_000, message: 'I can start within the week.' },
        capture: { bid: '$.id' },
      },
      {
        post: '/api/bids/{{ bid }}/accept',
        name: 'accept',
        headers: as('customer'),
        capture: { escrow: '$.escrowId' },
      },
      {
        post: '/api/escrows/{{ escrow }}/payments',
        name: 'pay',
        headers: { ...as('customer'), 'idempotency-key': '{{ $uuid }}' },
        json: { amountCents: 20_000, card },
      },
      { post: '/api/escrows/{{ escrow }}/release', name: 'release', headers: as('customer') },
    ],
  },
  { name: 'log in', weight: 5, steps: [logIn('log in', 'user000003@example.test', 'token')] },
  { name: 'health', weight: 5, steps: [{ get: '/health', name: 'health check', expect: { status: 200 } }] },
];

/**
 * The plan of every experiment: the same journeys while the service is healthy, while the fault is on, and after it; health is asked
 * all along, and when all is over the data's invariants. `target` as in any plan.
 */
export function labPlan(fault: string, target: string): PlanInput {
  const open = { rate: PER_SECOND };
  return {
    name: `lab ${fault}`,
    target,
    timeout: '5s',
    variables: { password: 'plimsoll-line-1876' },
    signals: { metrics: '/metrics' },
    objectives: OBJECTIVES,
    setup: [
      logIn('log in as customer', 'user000001@example.test', 'customer'),
      logIn('log in as trade', 'user000002@example.test', 'trade'),
    ],
    scenarios,
    phases: [
      { name: 'warm-up', kind: 'warm-up', duration: '3s', open },
      { name: 'healthy', kind: 'sustained', duration: '7s', open },
      { name: FAULT_PHASE, kind: 'stress', duration: '12s', open },
      { name: 'recovery', kind: 'recovery', duration: '8s', open },
    ],
    checks: [
      {
        get: '/api/invariants',
        name: 'invariants of the data',
        // What the fault has left in line is served first.
        timeout: '30s',
        expect: { status: 200, body: { json: { '$.holds': true } } },
      },
    ],
  };
}
