import { judgePhase } from '../../../lib/analysis/phase.ts';
import { percentilesOf } from '../../../lib/measure/histogram.ts';
import { allSteps, emptyStep, type StepRecord } from '../../../lib/measure/interval.ts';
import { openEntries, type Ledger } from '../../../lib/measure/ledger.ts';
import { planSteps } from '../../../lib/plan/plan.ts';
import { keyOf, type PathAccount } from './account.ts';
import type { Seen } from './run-behaviour.ts';

/** Values of a histogram are exact to 3 digits. */
const PRECISION = 1e-3;

type Check = (seen: Seen) => string[];

const say = (holds: boolean, sentence: string): string[] => (holds ? [] : [sentence]);

const equal = (what: string, told: number, true_: number): string[] =>
  say(told === true_, `${what}: the ledger says ${told}, the server ${true_}`);

/** Every step with its record and the server's account of its path. */
const stepsOf = ({ outcome, account, paths }: Seen): [string, StepRecord, PathAccount][] =>
  paths.map((path, number) => [path, outcome.measurement.total.steps.get(number) ?? emptyStep(), account.of(path)]);

const countOf = (ledger: Ledger, outcome: string): number =>
  outcome === 'ok' || outcome === 'timedOut' ? ledger[outcome] : (ledger.failures[outcome] ?? 0);

/** What the ledger must say of one path, by group of outcomes: what the server answered, and what never reached it. */
function wantedOf(sent: number, { read, honest }: PathAccount, unread: string | undefined): Map<string, number> {
  const wanted = new Map(honest);
  if (unread !== undefined) wanted.set(unread, (wanted.get(unread) ?? 0) + sent - read);
  return wanted;
}

/** Sent, and every outcome, against the server's own account: no slack, no outcome that it doesn't know. */
const accounts: Check = (seen) =>
  stepsOf(seen).flatMap(([path, { ledger }, book]) => {
    const { unread } = seen.behaviour;
    const reach = seen.behaviour.everywhere === true || path === '/bad' ? unread : undefined;
    const wanted = wantedOf(ledger.sent, book, reach === undefined ? undefined : keyOf(reach));
    const told = (group: string): number =>
      group.split('|').reduce((sum, outcome) => sum + countOf(ledger, outcome), 0);
    return [
      ...say(ledger.sent >= book.read, `${path}: the server read ${book.read} requests, ${ledger.sent} were sent`),
      ...say(reach !== undefined || ledger.sent === book.read, `${path}: ${ledger.sent} sent, ${book.read} read`),
      ...Array.from(wanted).flatMap(([group, count]) => equal(`${path} ${group}`, told(group), count)),
      ...say(told([...wanted.keys()].join('|')) === ledger.sent, `${path}: ${JSON.stringify(ledger)}`),
    ];
  });

/** The ledger's own equations, for every step and for all, and the flow of arrivals through the steps. */
const closes: Check = ({ outcome }) => {
  const { arrivals, steps } = outcome.measurement.total;
  const { ledger } = allSteps(outcome.measurement.total);
  return [
    ...openEntries(arrivals, ledger),
    ...Array.from(steps.values()).flatMap((step) => openEntries(arrivals, step.ledger)),
    ...equal('abandoned journeys and requests that went wrong', arrivals.abandoned, ledger.failed + ledger.timedOut),
    ...equal('requests cut', ledger.cut, 0),
    ...equal('arrivals dropped', arrivals.dropped, 0),
  ];
};

/** Each step is sent for every success of the one before it, but where the phase's end cut the journey between the two. */
const flows: Check = ({ outcome, paths }) => {
  const { arrivals, steps } = outcome.measurement.total;
  const of = (number: number): Ledger => (steps.get(number) ?? emptyStep()).ledger;
  const firsts = paths.map((path, number) => (path === '/bad' || path === '/after') && number > 0);
  const cutBetween = paths.reduce((sum, _, i) => sum + (firsts[i] === true ? of(i - 1).ok - of(i).sent : 0), 0);
  const begun = paths.reduce((sum, _, i) => sum + (firsts[i] === true ? 0 : of(i).sent), 0);
  const completed = paths.reduce((sum, _, i) => sum + (firsts[i + 1] === true ? 0 : of(i).ok), 0);
  return [
    ...equal('journeys cut', arrivals.cut, cutBetween + arrivals.started - begun),
    ...equal('journeys completed', arrivals.completed, completed),
  ];
};

/** Every request that came to an end stands in both histograms; a time-out no shorter than its deadline. */
const times: Check = (seen) => {
  const steps = planSteps(seen.plan);
  return stepsOf(seen).flatMap(([path, { ledger, responseTime, serviceTime }], number) => {
    const deadlineUs = steps[number]?.step.timeoutUs ?? seen.plan.timeoutUs;
    const leastUs = percentilesOf(serviceTime)?.min ?? Number.POSITIVE_INFINITY;
    const allTimedOut = ledger.timedOut > 0 && ledger.timedOut === ledger.sent;
    return [
      ...equal(`${path} response times`, responseTime.totalCount, ledger.sent),
      ...equal(`${path} service times`, serviceTime.totalCount, ledger.sent),
      ...say(!allTimedOut || leastUs >= deadlineUs * (1 - PRECISION), `${path}: a time-out after ${leastUs} µs`),
    ];
  });
};

/** Without one success no verdict may end with exit code 0. */
const verdict: Check = ({ plan, outcome }) => {
  const summary = judgePhase(plan, outcome, { fromSeconds: 0, toSeconds: 1, signals: [] });
  const passes = summary.verdict === 'pass' || summary.verdict === 'warn';
  return say(summary.ledger.ok > 0 || !passes, `${summary.verdict} without one success`);
};

/** A run that sent nothing at all would hold every law. */
const happened: Check = ({ outcome, account }) => [
  ...say(allSteps(outcome.measurement.total).ledger.sent > 0, 'nothing was sent'),
  ...say(outcome.lost === undefined, `the generator was lost: ${outcome.lost}`),
  ...account.wrongs,
];

/** What is not true, or does not add up, in a ledger; nothing where it is honest. */
export const liesIn = (seen: Seen): string[] =>
  [happened, closes, flows, accounts, times, verdict].flatMap((check) => check(seen));
