// The same work as the other scriptable peers: WORK is get, scenario or rate.
import http from 'k6/http';
import { check } from 'k6';

const { ORIGIN, WORK, SECONDS, USERS, RATE } = __ENV;

const closed = { executor: 'constant-vus', vus: Number(USERS), duration: `${SECONDS}s`, gracefulStop: '10s' };
const open = {
  executor: 'constant-arrival-rate',
  rate: Number(RATE),
  timeUnit: '1s',
  duration: `${SECONDS}s`,
  preAllocatedVUs: Number(USERS),
  // A stall of 5 s at the rate.
  maxVUs: Math.max(Number(USERS), 5 * Number(RATE)),
  gracefulStop: '10s',
};

export const options = {
  scenarios: { work: { ...(WORK === 'rate' ? open : closed), exec: WORK === 'scenario' ? 'journey' : 'get' } },
  discardResponseBodies: WORK !== 'scenario',
  summaryTrendStats: ['med', 'p(99)', 'p(99.9)', 'max', 'count'],
};

export function get() {
  http.get(`${ORIGIN}/`);
}

const json = { 'content-type': 'application/json' };

export function journey() {
  const login = http.post(`${ORIGIN}/login`, JSON.stringify({ user: `user-${__VU}`, password: 'secret' }), {
    headers: json,
  });
  if (!check(login, { 'login is 200': (r) => r.status === 200 })) return;
  const headers = { authorization: `Bearer ${login.json('token')}` };
  const list = http.get(`${ORIGIN}/api/jobs?limit=20`, { headers });
  if (!check(list, { 'list is 200': (r) => r.status === 200 })) return;
  const id = list.json('items.0.id');
  const job = http.get(`${ORIGIN}/api/jobs/${id}`, { headers });
  if (!check(job, { 'job is 200': (r) => r.status === 200, 'job is the one': (r) => r.json('id') === id })) return;
  const bid = http.post(`${ORIGIN}/api/jobs/${id}/bids`, JSON.stringify({ amount: 100 }), {
    headers: { ...json, ...headers },
  });
  if (!check(bid, { 'bid is 201': (r) => r.status === 201 })) return;
  const me = http.get(`${ORIGIN}/api/me`, { headers });
  check(me, { 'me is 200': (r) => r.status === 200, 'me has a name': (r) => r.body.includes('"name"') });
}
