import type { Experiment } from '../experiment.ts';

/** Another service that is needed for an answer. */
export const downstreamExperiments: readonly Experiment[] = [
  {
    fault: 'call-downstream',
    parameters: {},
    happens: 'Each listing of jobs calls a service that takes three seconds; the time-out is five.',
    why: 'A time-out that is longer than users wait protects nothing.',
    signs: 'The step takes as long as the call; calls are slow and do not fail; nothing in the service itself is busy.',
    prevention:
      'Time-outs from what users bear, not from what the other side needs; answers without it where possible.',
  },
  {
    fault: 'cascade-failure',
    parameters: { failure_rate: 0.5 },
    happens: 'Each search calls a service that fails every second time, and fails with it.',
    why: 'Availabilities multiply: what needs three services that are there for 99 % is there for 97 %.',
    signs: 'Errors of the caller at the rate of the failed calls, at once, with normal response times.',
    prevention: 'A circuit breaker, an answer without the missing part, and no call where none is needed.',
  },
  {
    fault: 'no-timeout',
    parameters: {},
    happens: 'Each reading of a job calls a service that does not answer for a minute, without a time-out.',
    why: 'Requests under way pile up until something runs out: sockets, memory, patience.',
    signs:
      'Time-outs of the client at its own deadline, requests in flight that only grow; the service counts no ended call.',
    prevention: 'No call without a deadline; the deadline of the request passed on to its calls.',
  },
  {
    fault: 'downstream-slow',
    parameters: { delay: 2 },
    happens: 'The payment provider takes two seconds longer.',
    why: 'The step that pays is as slow as its slowest part.',
    signs: 'One step slow, the others not; the time of calls says why.',
    prevention: 'Take the call out of the request: accept, answer, and settle later.',
  },
  {
    fault: 'downstream-failing',
    parameters: { failure_rate: 0.5 },
    happens: 'The payment provider refuses every second payment with 503.',
    why: 'A failure elsewhere becomes a failure here unless something stands between.',
    signs: 'One step fails at the rate of the failed calls, quickly.',
    prevention: 'A bounded retry with the same idempotency key, a queue, a second provider.',
  },
  {
    fault: 'downstream-down',
    parameters: {},
    happens: 'The payment provider cannot be reached at all, as with no instance of it running.',
    why: 'All that needs it fails; what does not need it must not.',
    signs: 'Every call fails within milliseconds; one step fails always.',
    prevention: 'A breaker that fails fast without calling, and a health check that says degraded, not down.',
  },
  {
    fault: 'downstream-hanging',
    parameters: { timeout: 1 },
    happens: 'The payment provider hangs; a time-out of one second ends each call.',
    why: 'A time-out bounds the damage: one step fails after a second, and what it held is free again.',
    signs: 'The step fails after exactly the time-out; calls end as timed out.',
    prevention: 'This is the prevention; a breaker in front of it spares even the second.',
  },
  {
    fault: 'downstream-hanging-no-timeout',
    parameters: {},
    happens: 'The payment provider hangs, and no time-out ends the calls.',
    why: 'The same fault without a bound: requests and what they hold pile up for as long as it lasts, and after.',
    signs:
      "Time-outs at the client's deadline only, requests in flight that grow; the service counts no call, since none ends.",
    prevention: 'A deadline on every call.',
  },
  {
    fault: 'retry-storm',
    parameters: { tries: 5, failure_rate: 0.8 },
    happens:
      'The payment provider fails four times out of five, and each failed call is repeated at once, up to five times.',
    why: 'Retries multiply the load on what is already failing, and keep it down after the first cause is gone.',
    signs: 'Calls are many times the requests that need one; the share of repeated calls is high.',
    prevention: 'A retry budget of some ten percent, back-off with jitter, retries at one layer only.',
  },
];
