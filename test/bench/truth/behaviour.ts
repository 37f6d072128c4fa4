/** When a server answers: called with each arrival in turn, in µs since the first, it says at which µs the reply goes out. */
export type Answering = (atUs: number) => number;

/** Time in which the server's process does nothing at all: in every period once, `lengthUs` from `fromUs` on. */
export interface Blocking {
  readonly periodUs: number;
  readonly fromUs: number;
  readonly lengthUs: number;
}

/** A server that is known exactly, and the load under which it is looked at. */
export interface Behaviour {
  readonly name: string;
  readonly title: string;
  readonly perSecond: number;
  readonly seconds: number;
  /** A new server, whose first request comes at 0. */
  begin(): Answering;
  readonly blocking?: Blocking;
}

/** The end of the blocked time that holds `atUs`, or `atUs` where none does. */
export function afterBlocking({ periodUs, fromUs, lengthUs }: Blocking, atUs: number): number {
  const into = (atUs % periodUs) - fromUs;
  return into >= 0 && into < lengthUs ? atUs - into + lengthUs : atUs;
}

/** c servers of `serviceUs` each, first come first served: a reply goes out when the server that is free first has done it. */
export function queueOf(servers: number, serviceUs: number): Answering {
  const freeAt = Array.from({ length: servers }, () => 0);
  return (atUs) => {
    let first = 0;
    for (let i = 1; i < servers; i += 1) if ((freeAt[i] ?? 0) < (freeAt[first] ?? 0)) first = i;
    return (freeAt[first] = Math.max(atUs, freeAt[first] ?? 0) + serviceUs);
  };
}
