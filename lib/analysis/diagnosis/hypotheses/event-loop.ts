import { counted } from '../../../units.ts';
import { ofTimes, type Observation } from '../evidence.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { crossed, grewBy, held, met, nowOf, seen, partAt, unread, type Facts } from '../facts.ts';
import { describeShape } from '../shape.ts';

const SLOW_SCRAPE_US = 40_000;
const ONE_AT_A_TIME = 1.3;
/** Beyond this a loop's own lateness explains the queue in front of it. */
export const LATE_LOOP_US = 100_000;

/** Requests under way within the service by its own account: its throughput × its time (Little 1961). */
/** At least three, whose distances differ by less than a third. */
function periodic(at: readonly number[]): boolean {
  const gaps = at
    .slice(1)
    .map((each, index) => each - (at[index] ?? 0))
    .filter((gap) => gap > 1.5);
  return gaps.length >= 2 && Math.max(...gaps) < 1.5 * Math.min(...gaps);
}

const inside = ({ client, readings }: Facts): number =>
  ((readings.get('service.time')?.meanNow ?? Number.NaN) * client.now.endedPerSecond) / 1e6;

interface Look {
  /** How often it stopped; 0 where some steps were spared. */
  readonly frozen: number;
  /** A step of which hardly any request was late, so that nothing stopped them all. */
  readonly isSpared: boolean;
  readonly elsewhere: number;
  readonly idle: boolean;
}

function lookAt(facts: Facts): Look {
  const { steps, now } = facts.client;
  // What stops the loop stops every step.
  const all = steps.every(({ ended, p95Us }) => ended < 20 || p95Us > SLOW_SCRAPE_US);
  const isSpared = facts.shape.spared.some(({ p95Us }) => p95Us <= SLOW_SCRAPE_US);
  const places = ['pool', 'locks', 'downstream', 'statements'] as const;
  return {
    frozen: all ? now.frozenAt.length : 0,
    isSpared,
    elsewhere: Math.max(...places.map((name) => partAt(facts, name))),
    idle: (nowOf(facts, 'service.cpu') ?? 0) < 0.8,
  };
}

/** That all stands still at times. */
function stops({ client: { now } }: Facts, { frozen, idle }: Look): readonly Observation[] {
  if (frozen < 2 || !idle) return [];
  const at = now.frozenAt.slice(0, 4).map((each) => each.toFixed(0));
  const text = `it stopped ${counted(frozen, 'time')}: next to nothing was answered, or only what had waited long, at ${at.join(', ')} s`;
  return [...met(0.5, text), ...met(periodic(now.frozenAt) ? 0.4 : 0, 'at equal intervals')];
}

/** The service's figures need neither database nor others: late ones say that the process itself is late. */
const scrapes = (facts: Facts, { frozen, elsewhere, idle }: Look): readonly Observation[] =>
  seen(facts, 'service.scrape-time', (reading) => {
    if (reading.worst <= SLOW_SCRAPE_US) return frozen >= 2 ? 0 : -0.5;
    // Where nothing was well before there is nothing to hold it against; this late it is by itself.
    const late = reading.calm === undefined ? reading.worst > LATE_LOOP_US : grewBy(reading, 3000) > 3;
    return idle && elsewhere < 0.5 && (frozen >= 2 || late) ? 0.5 : 0;
  });

const uniform = (facts: Facts, { idle, elsewhere }: Look): readonly Observation[] => {
  const known = idle && elsewhere < 0.5 && !unread(facts, 'service.event-loop', 'service.scrape-time');
  return met(known && facts.shape.uniform ? 0.35 : 0, describeShape(facts.shape));
};

/** Where the loop itself is late, what waits in front of the service waits for it. */
const queued = (facts: Facts): readonly Observation[] =>
  held(
    facts,
    'front',
    (share) => (share > 0.3 && (nowOf(facts, 'service.event-loop') ?? 0) > LATE_LOOP_US ? 0.6 * share : 0),
    'Waiting in front of the service takes',
  );

const against = (facts: Facts, { frozen, isSpared, elsewhere }: Look): readonly Observation[] => [
  ...met(
    inside(facts) > 1.5 && partAt(facts, 'front') > 0.5 ? -0.4 : 0,
    'the service has several requests under way at a time, and the others wait in front of it',
  ),
  ...met(isSpared && frozen === 0 ? -0.6 : 0, `it would stop all: ${describeShape(facts.shape)}`),
  ...seen(facts, 'host.cpu', ({ worst }) => (worst > 0.93 ? -0.4 : 0), 'The machine, where a loop waits for a core'),
  // Where the loop's own lateness was not read, full workers explain as well that figures are late.
  ...seen(
    facts,
    'service.worker-use',
    ({ now }) => (now > 0.95 ? (unread(facts, 'service.event-loop') ? -0.85 : -0.5) : 0),
    'Of several threads or processes, in use',
  ),
  ...seen(facts, 'service.worker-queue', ({ beyond }) =>
    beyond > 0.5 && unread(facts, 'service.event-loop') ? -0.6 : 0,
  ),
  ...met(elsewhere > 0.6 ? -0.6 : 0, 'requests wait elsewhere'),
];

/** One loop serves all, and something stops it: every request waits, be it ever so light, and the CPU may idle. */
export const eventLoop: Hypothesis = {
  name: 'event-loop',
  accuses: 'service.event-loop',
  weigh: (facts) => {
    const look = lookAt(facts);
    const own = [
      ...stops(facts, look),
      ...scrapes(facts, look).map(ofTimes),
      ...uniform(facts, look).map(ofTimes),
      ...queued(facts),
      ...against(facts, look),
    ];
    return [...own, ...crossed(facts, 'service.event-loop', own)];
  },
  causes: [],
  remedy: () =>
    'Find the blocking call with a profile of wall time (py-spy dump, --cpu-prof, asyncio debug mode), and make it asynchronous, smaller, or move it to a thread of its own.',
  idles: true,
  decidedBy: ['service.event-loop', 'service.scrape-time'],
  // Late figures are late for want of a thread or a core as well. That all stops at times, or one request is worked on at a time, is of a loop alone.
  leftOpenBy: (facts) =>
    !unread(facts, 'service.event-loop', 'service.worker-use') ||
    lookAt(facts).frozen >= 2 ||
    inside(facts) < ONE_AT_A_TIME
      ? []
      : ['service.event-loop', 'service.worker-use'],
};
