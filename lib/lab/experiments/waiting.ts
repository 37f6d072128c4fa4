import type { Experiment } from '../experiment.ts';

/** Requests that wait on something, and hold what others need. */
export const waitingExperiments: readonly Experiment[] = [
  {
    fault: 'slow',
    parameters: { delay: 1 },
    happens: 'Each listing of jobs holds one of eight workers for a second of input or output.',
    why: 'Eight workers that are held for a second each carry eight requests a second (Little 1961); what arrives beyond that queues.',
    signs:
      'All workers busy and a queue that grows, with an idle processor; the slow step alone, as long as others need no worker.',
    prevention:
      'Time-outs on what workers wait for, asynchronous input and output, and more workers only when what they wait for can bear it.',
  },
  {
    fault: 'random-delay',
    parameters: { most: 2 },
    happens: 'Each listing of jobs holds a worker for a random time of up to two seconds.',
    why: 'A mean of one second fills eight workers as a fixed second does; the spread makes queues longer.',
    signs: 'As with a fixed delay, and a wider gap between p50 and p99.',
    prevention: 'Look at the tail and not at the mean, and bound the time for which a worker may be held.',
  },
  {
    fault: 'parallel-io',
    parameters: { count: 8 },
    happens: 'Each listing of jobs asks for eight workers at once, for 200 ms each.',
    why: 'A request that fans out takes eight times its share, and is as slow as the last of its parts.',
    signs: 'Workers run out at an eighth of the request rate that one worker a request would allow.',
    prevention: 'Bound the fan-out of a request, and keep separate pools for separate work.',
  },
  {
    fault: 'blocking',
    parameters: { duration: 0.1 },
    happens: 'Each reading of a job waits for a tenth of a second synchronously.',
    why: 'Nothing else runs on the thread meanwhile: no other request, no timer, no reply that is ready.',
    signs: 'The event loop is late, and all steps are slow, with hardly any use of CPU.',
    prevention: 'No synchronous call in a request: a lint rule for it, and an alarm on the delay of the event loop.',
  },
  {
    fault: 'slow-look-ups',
    parameters: { seconds: 1 },
    happens: 'Each payment looks up the name of the provider first, and the name server takes a second to answer.',
    why: 'Node looks names up by getaddrinfo on its pool of four threads, of which names may hold two: two look-ups a second, whatever the provider could do. (The lab holds the threads by reading a pipe; it asks no name server.)',
    signs:
      'The steps that call others wait, with an idle processor; the provider itself is fast. Node exports nothing of these threads; the lab does, as a pool of workers.',
    prevention:
      'Keep connections open, so that names are seldom looked up; a cache for names, or dns.resolve, which takes no thread; UV_THREADPOOL_SIZE.',
  },
];
