/** Capacities of queues by their formulas: the rate at which the share of bad requests is the one allowed. */

/** The rate below `limit` at which a share that rises with the rate reaches `allowed`. */
export function rateOf(limit: number, allowed: number, shareOf: (perSecond: number) => number): number {
  let [low, high] = [limit / 1000, limit];
  for (let i = 0; i < 40; i += 1) {
    const middle = (low + high) / 2;
    if (shareOf(middle) > allowed) high = middle;
    else low = middle;
  }
  return low;
}

/** Erlang C: the share that has to wait for one of `servers`, each of which serves `mu` a second. */
export function waiting(servers: number, mu: number, perSecond: number): number {
  const load = perSecond / mu;
  let blocked = 1;
  for (let n = 1; n <= servers; n += 1) blocked = (load * blocked) / (n + load * blocked);
  const use = load / servers;
  return blocked / (1 - use * (1 - blocked));
}

/** M/M/c: the share of response times beyond `limit`: waits are exponential at the rate cμ − λ, and a service of rate μ comes on top. */
export function beyond(servers: number, mu: number, limit: number, perSecond: number): number {
  const wait = waiting(servers, mu, perSecond);
  const spare = servers * mu - perSecond;
  const served = Math.exp(-mu * limit);
  if (Math.abs(spare - mu) < 1e-9 * mu) return (1 - wait) * served + wait * served * (1 + mu * limit);
  return (1 - wait) * served + (wait * (spare * served - mu * Math.exp(-spare * limit))) / (spare - mu);
}

/** M/M/c/K: the share turned away, by the balance of births and deaths. */
export function rejected(servers: number, mu: number, room: number, perSecond: number): number {
  let state = 1;
  let sum = 1;
  for (let n = 1; n <= room; n += 1) {
    state *= perSecond / (mu * Math.min(n, servers));
    sum += state;
  }
  return state / sum;
}
