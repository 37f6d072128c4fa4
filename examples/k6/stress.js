// Raises the load on the marketplace until it gives way. k6 run --out json=stress.ndjson stress.js
import { check } from 'k6';
import http from 'k6/http';

const TARGET = __ENV.TARGET || 'http://127.0.0.1:8080';

export const options = {
  scenarios: {
    stress: {
      executor: 'ramping-arrival-rate',
      exec: 'browse',
      startRate: 10,
      timeUnit: '1s',
      preAllocatedVUs: 200,
      maxVUs: 2000,
      stages: [{ target: 300, duration: '2m' }],
    },
  },
  thresholds: { http_req_failed: ['rate<0.05'], http_req_duration: ['p(95)<2000'] },
};

export function browse() {
  const jobs = http.get(`${TARGET}/api/jobs?limit=20`, { tags: { name: 'GET jobs' } });
  check(jobs, { 'status is 200': ({ status }) => status === 200 });
  const id = 1 + Math.floor(Math.random() * 50);
  http.get(`${TARGET}/api/jobs/${id}`, { tags: { name: 'GET job' } });
}
