import { exponential, seeded, type SimulatedServer, type Work } from './servers.ts';

/** Servers that people are likely to try a search with, of known capacity: each limits its load in a way of its own. */

/** Service times whose tail falls by a power: many short ones, and now and then one that is very long (Lomax, of finite variance for `shape` > 2). */
export const heavyTailed = (meanSeconds: number, shape: number, seed: number): Work => {
  const draw = seeded(seed);
  return () => meanSeconds * (shape - 1) * ((1 - draw()) ** (-1 / shape) - 1);
};

/** As many times as it takes: a reply that comes too late is asked for again, by those who don't wait for it. */
export function retryAmplified(server: SimulatedServer, patienceSeconds: number, most: number): SimulatedServer {
  return {
    serve: (at) => {
      let { endSeconds } = server.serve(at);
      // A retry is work that arrives with its request: what is queued in order of time knows nothing of later ones.
      for (let n = 1; n < most && endSeconds - at > n * patienceSeconds; n += 1) ({ endSeconds } = server.serve(at));
      return { endSeconds, ok: true };
    },
  };
}

/** So many connections, each held for its whole request; one that finds none waits for `patienceSeconds` and fails. */
export function connections(count: number, holds: Work, patienceSeconds: number): SimulatedServer {
  const freeAt = new Float64Array(count);
  return {
    serve: (at) => {
      let first = 0;
      for (let i = 1; i < count; i += 1) if ((freeAt[i] ?? 0) < (freeAt[first] ?? 0)) first = i;
      const begin = Math.max(at, freeAt[first] ?? 0);
      if (begin - at > patienceSeconds) return { endSeconds: at + patienceSeconds, ok: false };
      freeAt[first] = begin + holds(at);
      return { endSeconds: freeAt[first] ?? 0, ok: true };
    },
  };
}

/** 429 for all beyond `perSecond` in a second of the clock, as a fixed window counts them. */
export function fixedWindow(perSecond: number): SimulatedServer {
  let [second, count] = [-1, 0];
  return {
    serve: (at) => {
      if (Math.floor(at) !== second) [second, count] = [Math.floor(at), 0];
      count += 1;
      return { endSeconds: at + 0.004, ok: count <= perSecond };
    },
  };
}

/** Nobody waits for another: response times grow in proportion to the rate of the last second, exponential about their mean. */
export function growingWithRate(secondsPerRate: number, seed: number): SimulatedServer {
  const draw = exponential(seeded(seed));
  const last: number[] = [];
  return {
    serve: (at) => {
      while ((last[0] ?? at) < at - 1) last.shift();
      last.push(at);
      return { endSeconds: at + draw(secondsPerRate * last.length), ok: true };
    },
  };
}

/** A share of all replies fails, whatever the rate. */
export function failingAlways(server: SimulatedServer, ratio: number, seed: number): SimulatedServer {
  const draw = seeded(seed);
  return {
    serve: (at) => {
      const { endSeconds, ok } = server.serve(at);
      return { endSeconds, ok: ok && draw() >= ratio };
    },
  };
}

/** Twice as fast from `afterSeconds` of more than `perSecond` on: a task is added once load asks for it, and stays. */
export function scaledOutBy(perSecond: number, afterSeconds: number, work: Work): Work {
  let [since, addedAt] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const last: number[] = [];
  return (at) => {
    while ((last[0] ?? at) < at - 1) last.shift();
    last.push(at);
    since = last.length > perSecond ? Math.min(since, at) : Number.POSITIVE_INFINITY;
    if (at - since >= afterSeconds) addedAt = Math.min(addedAt, at);
    return work(at) * (at >= addedAt ? 0.5 : 1);
  };
}

/** Works at half its speed in the second half of every so many seconds, as where a job of another kind comes and goes. */
export const comingAndGoing =
  (everySeconds: number, times: number, work: Work): Work =>
  (at) =>
    work(at) * (at % everySeconds < everySeconds / 2 ? 1 : times);
