import { lowerCapacity } from '../../../lib/plan/capacity.ts';
import type { Phase } from '../../../lib/plan/phase.ts';
import type { Plan } from '../../../lib/plan/plan.ts';
import type { HttpStep } from '../../../lib/plan/steps/http.ts';

const NOTHING = { headers: {}, query: {}, captures: [], expect: { statuses: [], headers: {}, json: {} } };

export const get = (path: string): HttpStep => ({ kind: 'http', name: `GET ${path}`, method: 'get', path, ...NOTHING });

/** A plan of these phases, whose one journey asks for these paths. */
export const planOf = (phases: readonly Phase[], paths: readonly string[] = ['/']): Plan => ({
  name: 'tested',
  description: '',
  timeoutUs: 1e6,
  seed: 1,
  headers: {},
  variables: {},
  feeders: [],
  files: {},
  tls: { insecure: false },
  connections: 'shared',
  sourceAddresses: [],
  http2: false,
  signals: {},
  scenarios: [{ name: 'a', weight: 1, onStart: [], steps: paths.map(get) }],
  phases,
  capacity: lowerCapacity({}, ['errors < 1%']),
});
