import { exponential, seeded } from './servers.ts';
import { beyond, rateOf } from './truths.ts';

/**
 * `npm run bench:capacity information`: how exactly 150 s of load can tell the capacity of a queue, to whoever spends all of them
 * at the capacity, and knows beforehand more than a search may. No search can be better than one that knows as much.
 */
const SECONDS = 150;
const REPEATS = 400;

/** Response and service times of an M/M/c queue in the steady state at a rate. */
function timesAt(
  servers: number,
  mu: number,
  perSecond: number,
  seed: number,
): { response: number[]; service: number[] } {
  const draw = exponential(seeded(seed));
  const freeAt = new Float64Array(servers);
  const [response, service]: [number[], number[]] = [[], []];
  const settled = 30;
  for (let at = draw(1 / perSecond); at < settled + SECONDS; at += draw(1 / perSecond)) {
    const first = freeAt.indexOf(Math.min(...freeAt));
    const work = draw(1 / mu);
    const end = Math.max(at, freeAt[first] ?? 0) + work;
    freeAt[first] = end;
    if (at < settled) continue;
    response.push(end - at);
    service.push(work);
  }
  return { response, service };
}

/** The mean response time is the integral of its tail. */
function meanResponse(servers: number, mu: number, perSecond: number): number {
  const [steps, longest] = [400, 12 / Math.min(mu, servers * mu - perSecond)];
  let sum = 0;
  for (let i = 0; i < steps; i += 1) sum += beyond(servers, mu, ((i + 0.5) * longest) / steps, perSecond);
  return (sum * longest) / steps;
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;

function print(servers: number, perSecond: number, limitSeconds: number): void {
  const capacityAt = (mu: number) => rateOf(servers * mu, 0.01, (rate) => beyond(servers, mu, limitSeconds, rate));
  const mu = perSecond / servers;
  const truth = capacityAt(mu);
  /** The service rate at which a figure that falls with it, at the truth's rate, is the one that was seen. */
  const rateWhere = (figure: (mu: number) => number, seen: number): number => {
    let [low, high] = [(truth / servers) * 1.0001, mu * 4];
    for (let i = 0; i < 40; i += 1) {
      const middle = (low + high) / 2;
      if (figure(middle) > seen) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  const estimates: Record<string, number[]> = { count: [], mean: [], service: [] };
  for (let seed = 1; seed <= REPEATS; seed += 1) {
    const { response, service } = timesAt(servers, mu, truth, seed);
    const share = response.filter((each) => each >= limitSeconds).length / response.length;
    estimates['count']?.push(capacityAt(rateWhere((each) => beyond(servers, each, limitSeconds, truth), share)));
    estimates['mean']?.push(capacityAt(rateWhere((each) => meanResponse(servers, each, truth), meanOf(response))));
    estimates['service']?.push(capacityAt(1 / meanOf(service)));
  }
  for (const [known, values] of Object.entries(estimates)) {
    const within = values.filter((each) => Math.abs(each / truth - 1) <= 0.05).length / REPEATS;
    const sorted = values.map((each) => each / truth - 1).toSorted((a, b) => a - b);
    const at = (part: number) => `${(100 * (sorted[Math.floor(part * (REPEATS - 1))] ?? 0)).toFixed(1)} %`;
    console.log(
      `M/M/${servers} ${perSecond}/s`.padEnd(14),
      truth.toFixed(2),
      known.padEnd(8),
      `${(100 * within).toFixed(1)} % within 5 %, 95 % of them from ${at(0.025)} to ${at(0.975)}`,
    );
  }
}

/** Of the two rows of the bench that come too short. */
export function printInformation(): void {
  print(1, 60, 0.3);
  print(4, 20, 2);
}
