import type { Experiment } from '../experiment.ts';

/** Memory that is taken and not given back, or taken too often. */
export const memoryExperiments: readonly Experiment[] = [
  {
    fault: 'memory-leak',
    parameters: { size_mb: 5 },
    happens: 'Each new job retains 5 MB for good, up to the bound of the lab.',
    why: 'Memory that grows with the requests ends at the limit, where a container is killed; users see it only then.',
    signs:
      'Resident memory climbs with the load, and stays when the load is gone; response times say nothing of it before the end.',
    prevention:
      'Bound every cache and list; compare two heap snapshots under load; an alarm on growth, not only on the level.',
  },
  {
    fault: 'slow-leak',
    parameters: { mb_per_second: 25 },
    happens: 'Memory grows by 25 MB a second, whatever the load.',
    why: 'A timer, a subscription, a log buffer: what leaks by time and not by request shows in idle hours too.',
    signs: 'A straight line in resident memory, in the healthy minutes as well as under load.',
    prevention: 'Soak tests of hours, and a trend test over them.',
  },
  {
    fault: 'memory-spike',
    parameters: { size_mb: 50 },
    happens: 'Each search takes 50 MB for a second.',
    why: 'Pages must be found, cleared and given back, which takes time of the thread that serves; several at once reach the limit.',
    signs: 'A sawtooth in resident memory, and an event loop that is late while pages are cleared.',
    prevention:
      'Stream instead of buffering; bound the size of uploads and results; limit how many large requests run at once.',
  },
  {
    fault: 'out-of-memory',
    parameters: { size_mb: 8 },
    happens:
      'Each new job keeps 8 MB in a heap of 160 MB. The process is killed when the heap can grow no more; a supervisor starts it anew, and the leak goes on.',
    why: 'A process can do nothing about its own end: requests under way are lost, and until the next one listens connections are refused. A restart hides the leak until the load is high enough for the restarts to overlap.',
    signs:
      'Resident memory as a sawtooth up to its limit, a later start of the process after each tooth, refused and reset connections in between.',
    prevention:
      'As for a leak; alarms on restarts as well as on memory; several instances, so that one can be missed; a heap limit below that of the container, so that the process says why it ended.',
  },
  {
    fault: 'garbage',
    parameters: { objects: 200_000 },
    happens: 'Each listing of jobs makes two hundred thousand objects that live for a few requests.',
    why: 'What survives a few collections is moved to the old generation, which only the expensive major collection frees; the service stands meanwhile.',
    signs: 'Time in garbage collection grows, the event loop is late, CPU is used without requests to show for it.',
    prevention: 'Fewer and shorter-lived objects on hot paths, reuse of buffers, a heap that has room.',
  },
];
