import { cases as known } from './cases.ts';
import { printInformation } from './information.ts';
import { scoreOf } from './score.ts';
import { exponential, seeded, type SimulatedReply, type SimulatedServer } from './servers.ts';
import { rateOf } from './truths.ts';
import { strangeCases } from './strange-cases.ts';
import { unseenCases } from './unseen-cases.ts';

const cases = [...known, ...unseenCases, ...strangeCases];
/** In which the queue settles. */
const SETTLED_SECONDS = 10;

/**
 * The share of bad requests at a rate, in a run of `seconds` on a fresh server. As in a search the rate is reached by a doubling.
 */
function shareOf(
  server: SimulatedServer,
  limit: number,
  rate: number,
  { seconds, seed }: { seconds: number; seed: number },
): number {
  const gap = exponential(seeded(seed * 17 + 3));
  let [bad, all] = [0, 0];
  const replies: (readonly [at: number, reply: SimulatedReply])[] = [];
  for (let at = gap(2 / rate); at < seconds; at += gap((at < 2 ? 2 : 1) / rate)) {
    const reply = server.serve(at);
    if (at >= SETTLED_SECONDS) replies.push([at, reply]);
  }
  server.until?.(seconds);
  for (const [at, { endSeconds, ok, requests = [{ seconds: endSeconds - at, ok }] }] of replies) {
    all += requests.length;
    bad += requests.filter((each) => !each.ok || each.seconds >= limit).length;
  }
  return bad / all;
}

/** Each truth that no formula gives. What collapses sooner or later has none but for a time: a minute, which half of the runs get through. */
function printTruths(): void {
  for (const { name, server, settings, simulatedTruth } of cases) {
    if (simulatedTruth === undefined) continue;
    const { limitUs = Number.POSITIVE_INFINITY, allowedRatio = 1 } = settings.objectives[0] ?? { text: '' };
    if (process.argv[3] !== undefined && !name.includes(process.argv[3])) continue;
    const share = (rate: number, seconds: number, seed: number) =>
      shareOf(server(seed * 31 + 11), limitUs / 1e6, rate, { seconds, seed });
    const failing = (rate: number) =>
      Array.from({ length: 100 }, (_, seed) => share(rate, 60, seed)).filter((bad) => bad > allowedRatio).length;
    const truth =
      simulatedTruth === 'long run'
        ? rateOf(1000, allowedRatio, (rate) => share(rate, 6000, 0))
        : rateOf(1000, 50, failing);
    console.log(name, truth.toFixed(1));
  }
}

function print(searches: number, only: string): void {
  for (const one of cases.filter(({ name }) => name.includes(only))) {
    const { verdicts, seconds, errors, ...figures } = scoreOf(one, searches);
    const words = Object.entries(figures).map(([key, value]) => `${key} ${(100 * value).toFixed(1)}`);
    const at = (part: number) => (100 * (errors[Math.floor(part * (errors.length - 1))] ?? 0)).toFixed(1);
    console.log(
      one.name.padEnd(44),
      (one.truth ?? 0).toFixed(1).padStart(7),
      words.join(' '),
      `s ${seconds.toFixed(0)}`,
      JSON.stringify(verdicts),
      'errors',
      [0, 0.05, 0.5, 0.95, 1].map(at).join(' '),
    );
  }
}

if (process.argv[2] === 'truth') printTruths();
else if (process.argv[2] === 'information') printInformation();
else print(Number(process.argv[2] ?? 200), process.argv[3] ?? '');
