import { uniform01 } from '../../../../lib/schedule/random.ts';

/** A reply of a simulated server: when it ended, in seconds of virtual time, and whether it was a good one. */
export interface SimulatedReply {
  readonly endSeconds: number;
  readonly ok: boolean;
  /** Of an arrival that is a journey, its requests, each with its own time: they are what objectives are about. */
  readonly requests?: readonly SimulatedRequest[];
}

export interface SimulatedRequest {
  readonly endSeconds: number;
  readonly seconds: number;
  readonly ok: boolean;
}

/** A server in virtual time. Requests arrive in order of time; what is queued stays queued from one probe to the next. */
export interface SimulatedServer {
  serve(atSeconds: number): SimulatedReply;
  /** Lets time pass: where a reply depends on those that come after it, its end stands in it only then. */
  until?(atSeconds: number): void;
}

export type Draw = () => number;

/** Work of a request in seconds, which may depend on when it came. */
export type Work = (atSeconds: number) => number;

export const seeded = (seed: number): Draw => uniform01(seed);

export const exponential =
  (random: Draw) =>
  (mean: number): number =>
    -Math.log1p(-random()) * mean;

/** Service times of M and D queues in Kendall's notation. */
export const random = (seconds: number, seed: number): Work => {
  const draw = exponential(seeded(seed));
  return () => draw(seconds);
};
export const constant =
  (seconds: number): Work =>
  () =>
    seconds;

/** First come, first served, by `servers` equal servers (Kiefer and Wolfowitz 1955); more than `roomFor` in the system are turned away. */
export function queue(servers: number, work: Work, roomFor = Number.POSITIVE_INFINITY): SimulatedServer {
  const freeAt = new Float64Array(servers);
  let ends: number[] = [];
  return {
    serve: (at) => {
      if (Number.isFinite(roomFor)) {
        ends = ends.filter((end) => end > at);
        if (ends.length >= roomFor) return { endSeconds: at + 0.001, ok: false };
      }
      let first = 0;
      for (let i = 1; i < servers; i += 1) if ((freeAt[i] ?? 0) < (freeAt[first] ?? 0)) first = i;
      const end = Math.max(at, freeAt[first] ?? 0) + work(at);
      freeAt[first] = end;
      if (Number.isFinite(roomFor)) ends.push(end);
      return { endSeconds: end, ok: true };
    },
  };
}

/** A pool of connections, each held while the one core works on its request and a downstream call of fixed length goes on. */
export function poolAndCpu(connections: number, cpu: Work, callSeconds: number): SimulatedServer {
  const freeAt = new Float64Array(connections);
  let cpuFreeAt = 0;
  let turn = 0;
  return {
    serve: (at) => {
      const connection = turn;
      turn = (turn + 1) % connections;
      cpuFreeAt = Math.max(at, freeAt[connection] ?? 0, cpuFreeAt) + cpu(at);
      const end = cpuFreeAt + callSeconds;
      freeAt[connection] = end;
      return { endSeconds: end, ok: true };
    },
  };
}

export interface Scalability {
  readonly gamma: number;
  readonly sigma: number;
  readonly kappa: number;
}

export const carriedBy = ({ gamma, sigma, kappa }: Scalability, n: number): number =>
  (gamma * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1));

/**
 * One after the other, at the rate of the Universal Scalability Law for as many as are in the system when a request arrives;
 * more than `roomFor` are turned away.
 */
export function scalable(law: Scalability, seed: number, roomFor: number): SimulatedServer {
  const draw = exponential(seeded(seed));
  const ends: number[] = [];
  let head = 0;
  return {
    serve: (at) => {
      while (head < ends.length && (ends[head] ?? 0) <= at) head += 1;
      const inside = ends.length - head;
      if (inside >= roomFor) return { endSeconds: at + 0.001, ok: false };
      const end = Math.max(at, ends.at(-1) ?? 0) + draw(1 / carriedBy(law, inside + 1));
      ends.push(end);
      return { endSeconds: end, ok: true };
    },
  };
}

/** Stands still for the first `stillSeconds` of every `everySeconds`. */
export function freezing(server: SimulatedServer, everySeconds: number, stillSeconds: number): SimulatedServer {
  const moving = everySeconds - stillSeconds;
  const worked = (at: number): number =>
    Math.floor(at / everySeconds) * moving + Math.max(0, (at % everySeconds) - stillSeconds);
  const clock = (work: number): number => Math.floor(work / moving) * everySeconds + stillSeconds + (work % moving);
  return {
    serve: (at) => {
      const { endSeconds, ok } = server.serve(worked(at));
      return { endSeconds: Math.max(at, clock(endSeconds)), ok };
    },
  };
}

/** Takes `times` as long in its first seconds, whatever it does in them. */
export const coldFor =
  (seconds: number, times: number, work: Work): Work =>
  (at) =>
    work(at) * (at < seconds ? times : 1);

/** Takes `times` as long for its first requests: only load warms it. */
export const coldForRequests = (requests: number, times: number, work: Work): Work => {
  let served = 0;
  return (at) => {
    served += 1;
    return work(at) * (served <= requests ? times : 1);
  };
};

/** Takes twice as long after so many requests, three times after twice as many. */
export const everSlower = (requests: number, work: Work): Work => {
  let served = 0;
  return (at) => {
    served += 1;
    return work(at) * (1 + served / requests);
  };
};

/**
 * A service on a laptop: 7 of every 15 journeys begin with a login, whose password one of two cores hashes; the others only read. The
 * cores' speed drifts by a few per cent, as where other programs run. A login that takes `TIMEOUT_SECONDS` is given up by its user, and hashed
 * all the same. What follows takes no time to speak of, and pauses between.
 */
export function logins(hashSeconds: number, driftRatio: number, seed: number): SimulatedServer {
  const draw = seeded(seed);
  const normal = () => Math.sqrt(-2 * Math.log1p(-draw())) * Math.cos(2 * Math.PI * draw());
  let [drift, driftedTo, journeys] = [normal(), 0, seed];
  const cores = queue(2, (at) => {
    const kept = Math.exp((driftedTo - at) / DRIFT_SECONDS);
    drift = kept * drift + Math.sqrt(1 - kept * kept) * normal();
    driftedTo = at;
    return hashSeconds * Math.exp(driftRatio * drift) * (0.8 + 0.4 * draw());
  });
  return {
    serve: (at) => {
      journeys += 1;
      const requests: SimulatedRequest[] = [];
      let now = at;
      if ((journeys * GOLDEN) % 1 < LOGINS_RATIO) {
        const seconds = Math.min(TIMEOUT_SECONDS, cores.serve(at).endSeconds - at);
        now += seconds;
        const ok = seconds < TIMEOUT_SECONDS;
        requests.push({ endSeconds: now, seconds, ok });
        if (!ok) return { endSeconds: now, ok, requests };
      }
      for (let n = 0; n < 3; n += 1) {
        now += QUICK_SECONDS + (n > 0 ? PAUSE_SECONDS : 0);
        requests.push({ endSeconds: now, seconds: QUICK_SECONDS, ok: true });
      }
      return { endSeconds: now, ok: true, requests };
    },
  };
}
/** Scenarios come as evenly mixed as the generator has them. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const LOGINS_RATIO = 7 / 15;
const DRIFT_SECONDS = 20;
const QUICK_SECONDS = 0.008;
const PAUSE_SECONDS = 0.2;
const TIMEOUT_SECONDS = 5;
