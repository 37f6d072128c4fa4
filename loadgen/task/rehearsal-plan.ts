import { lowerPlan } from '../../lib/plan/lower.ts';
import type { Plan } from '../../lib/plan/plan.ts';

/** Long and fast enough for the hot functions to be compiled: 600 requests. */
const REHEARSAL = { duration: '300ms', open: { rate: 2000 } };

/** What a generator rehearses. It is handed to a thread, which lowers no plans. */
export const rehearsalPlan = (): Plan =>
  lowerPlan(
    {
      name: 'rehearsal',
      scenarios: [
        { name: 'all', steps: [{ post: '/{{ $uuid }}', json: { a: '{{ $user }}' }, capture: { ok: '$.ok' } }] },
      ],
      phases: [{ name: 'rehearsal', kind: 'warm-up', ...REHEARSAL }],
    },
    { feeders: [] },
  );
