import type { Experiment } from '../experiment.ts';

/** Work that takes the processor, and a processor that is taken away. */
export const computeExperiments: readonly Experiment[] = [
  {
    fault: 'cpu-intensive',
    parameters: { complexity: 34 },
    happens: 'Each listing of jobs first computes a Fibonacci number recursively, some 50 ms of one core.',
    why: 'A process with one thread serves one request at a time: what one computes, all others wait for, whatever they ask.',
    signs:
      'Every step becomes slow together; the event loop is busy all the time and late by the length of one computation; the database has little to do.',
    prevention:
      'Measure the hottest function with a CPU profile; cache its result, move it to a worker thread, or add instances.',
  },
  {
    fault: 'hash',
    parameters: { iterations: 60_000 },
    happens: 'Each reading of a job hashes with SHA-256 sixty thousand times, synchronously.',
    why: 'Cheap calls add up on the thread that serves; a loop of them is one long computation to all who wait.',
    signs: 'As with any computation: all steps slow, event loop at its limit, the CPU of one core.',
    prevention: 'Hash less, or asynchronously in the pool of threads, and bound how much a request may ask for.',
  },
  {
    fault: 'json-processing',
    parameters: { size: 60_000 },
    happens: 'Each search serialises and parses a document of sixty thousand items.',
    why: 'JSON is parsed and written synchronously; its cost grows with the document, and so does the garbage.',
    signs: 'All steps slow, event loop at its limit, memory that goes up and down with the requests.',
    prevention: 'Page large documents, stream them, or keep them out of the request; validate sizes at the boundary.',
  },
  {
    fault: 'crypto-pool',
    parameters: { hashes: 5 },
    happens: 'Each listing of jobs hashes five passwords, as a login does one.',
    why: 'Node hashes on a pool of four threads. When they are taken, further hashes wait in line, and so does all else that the pool does: files, DNS.',
    signs: 'The steps that hash are slow and the others are not, until the cores are full; hashes in progress pile up.',
    prevention:
      'Hash once a login and not a request, limit logins at a time, and give the pool as many threads as there are cores.',
  },
  {
    fault: 'key-stretching',
    parameters: { iterations: 400_000 },
    happens:
      'Each listing of jobs derives a key with PBKDF2 on the pool of threads; no metric of the service counts it.',
    why: 'The pool is a resource as connections are, but few services show how full it is.',
    signs: 'The CPU of the process is at its limit while its event loop is not: something computes on other threads.',
    prevention: 'Count what waits for the pool, cache derived keys, and size the pool by the cores.',
  },
  {
    fault: 'cpu-limit',
    parameters: {},
    happens:
      'The service may run for a hundredth of a second in each tenth, as with a CPU limit of 100 m in Kubernetes. (Where this account may make control groups, the lab sets a CPU quota; elsewhere it stops and continues the process by signals.)',
    why: 'A quota is no slower processor: the process runs at full speed and then not at all, so a request that falls into the pause waits for its end.',
    signs:
      'Response times of up to the pause and more from the first request on, an event loop that is late by the pause, CPU use at the limit.',
    prevention:
      'Give limits room for peaks, watch throttled periods, and let requests of CPU, not limits, share a machine out.',
  },
  {
    fault: 'noisy-neighbour',
    parameters: { programs: 8 },
    happens: 'Eight other programs compute on the same machine.',
    why: 'The scheduler shares cores out: the service gets its share late, however little it asks for.',
    signs:
      "The machine's CPU is full while the service's own use is not; everything on the machine is late, the load generator too.",
    prevention: 'Dedicated cores or instances for what must answer soon, and CPU steal among the watched signals.',
  },
];
