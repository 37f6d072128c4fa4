import { seeded, type SimulatedReply, type SimulatedServer, type Work } from './servers.ts';

/** Servers that the search was not made with: each breaks something that a queue in heavy traffic takes for granted. */

/** One server that goes on a vacation of fixed length whenever it finds nothing to do, as one that polls does. */
export function withVacations(work: Work, vacationSeconds: number): SimulatedServer {
  let freeAt = 0;
  return {
    serve: (at) => {
      const vacations = Math.max(0, Math.ceil((at - freeAt) / vacationSeconds));
      freeAt += vacations * vacationSeconds + work(at);
      return { endSeconds: freeAt, ok: true };
    },
  };
}

/** Takes all that wait, up to `most`, and serves them together in the same time. */
export function inBatches(most: number, batchSeconds: number): SimulatedServer {
  let [beginsAt, inside] = [Number.NEGATIVE_INFINITY, 0];
  return {
    serve: (at) => {
      // One that has begun takes no more.
      if (at > beginsAt) [beginsAt, inside] = [Math.max(at, beginsAt + batchSeconds), 1];
      else if (inside === most) [beginsAt, inside] = [beginsAt + batchSeconds, 1];
      else inside += 1;
      return { endSeconds: beginsAt + batchSeconds, ok: true };
    },
  };
}

interface Job {
  endSeconds: number;
  readonly ok: true;
  /** Of the work done for each job at which this one is over. */
  readonly doneAt: number;
}

/** All in the system share one server evenly: when one ends depends on those that come after it. */
export function processorSharing(work: Work): SimulatedServer {
  const inside: Job[] = [];
  let [now, done] = [0, 0];
  const until = (at: number): void => {
    for (let [first] = inside; first !== undefined; [first] = inside) {
      const end = now + (first.doneAt - done) * inside.length;
      if (end > at) break;
      [now, done] = [end, first.doneAt];
      first.endSeconds = end;
      inside.shift();
    }
    done += inside.length === 0 ? 0 : (at - now) / inside.length;
    now = at;
  };
  return {
    until,
    serve: (at): SimulatedReply => {
      until(at);
      const job: Job = { endSeconds: Number.POSITIVE_INFINITY, ok: true, doneAt: done + work(at) };
      const place = inside.findIndex(({ doneAt }) => doneAt > job.doneAt);
      inside.splice(place === -1 ? inside.length : place, 0, job);
      return job;
    },
  };
}

/** Quick ones, and a share that takes longer. */
export const twoKinds = ({ quick, long }: { quick: Work; long: Work }, longRatio: number, seed: number): Work => {
  const draw = seeded(seed);
  return (at) => (draw() < longRatio ? long : quick)(at);
};

/** From a moment on so many times as long: credits of CPU are spent, or, below 1, tasks were added. */
export const changingAt =
  (seconds: number, times: number, work: Work): Work =>
  (at) =>
    work(at) * (at < seconds ? 1 : times);

/** Turns away what finds no token; `burst` of them are saved up. */
export function tokenBucket(perSecond: number, burst: number, server: SimulatedServer): SimulatedServer {
  let [tokens, seenAt] = [burst, 0];
  return {
    serve: (at) => {
      tokens = Math.min(burst, tokens + (at - seenAt) * perSecond);
      seenAt = at;
      if (tokens < 1) return { endSeconds: at + 0.001, ok: false };
      tokens -= 1;
      return server.serve(at);
    },
  };
}

/** Quick at any rate; a share of its replies fails, a larger one while more than `perSecond` came in the second before. */
export function failingAbove(
  perSecond: number,
  { below, above }: { below: number; above: number },
  seed: number,
): SimulatedServer {
  const draw = seeded(seed);
  const last: number[] = [];
  return {
    serve: (at) => {
      while ((last[0] ?? at) < at - 1) last.shift();
      last.push(at);
      return { endSeconds: at + 0.005, ok: draw() >= (last.length > perSecond ? above : below) };
    },
  };
}

/** A share of replies comes later by so many seconds, and keeps nobody else waiting: a call to another service that times out. */
export function withStragglers(server: SimulatedServer, ratio: number, seconds: number, seed: number): SimulatedServer {
  const draw = seeded(seed);
  return {
    serve: (at) => {
      const { endSeconds, ok } = server.serve(at);
      return { endSeconds: endSeconds + (draw() < ratio ? seconds : 0), ok };
    },
  };
}
