/** One step of the scenario that every scriptable peer walks through. */
export interface JourneyStep {
  readonly name: string;
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly json?: Readonly<Record<string, string | number>>;
  /** Sends the token captured by the first step. */
  readonly token: boolean;
  readonly capture?: { readonly path: string; readonly as: string };
  readonly status: number;
  /** A member that the JSON body must have. */
  readonly jsonHas?: string;
}

/** Log in, list jobs with the token, look at the first, bid on it, and look at oneself. Names in `{{ }}` are captures. */
export const journey: readonly JourneyStep[] = [
  {
    name: 'login',
    method: 'post',
    path: '/login',
    json: { user: 'user-1', password: 'secret' },
    token: false,
    capture: { path: '$.token', as: 'token' },
    status: 200,
  },
  {
    name: 'list',
    method: 'get',
    path: '/api/jobs?limit=20',
    token: true,
    capture: { path: '$.items[0].id', as: 'job' },
    status: 200,
  },
  { name: 'job', method: 'get', path: '/api/jobs/{{ job }}', token: true, status: 200, jsonHas: 'id' },
  { name: 'bid', method: 'post', path: '/api/jobs/{{ job }}/bids', json: { amount: 100 }, token: true, status: 201 },
  { name: 'me', method: 'get', path: '/api/me', token: true, status: 200, jsonHas: 'name' },
];
