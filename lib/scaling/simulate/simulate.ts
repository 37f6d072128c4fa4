import { HEADROOM_RATIO } from '../../analysis/scaling/headroom.ts';
import { responseUs, type ServiceModel } from '../service-model.ts';
import { durationSecondsOf, rateAt, type Traffic } from '../traffic/traffic.ts';
import { Backlog } from './backlog.ts';
import { boundsChanges } from './bounds.ts';
import { Fleet } from './fleet.ts';
import { TICK_SECONDS } from './metric.ts';
import { type Observed, ServiceScaler } from './scaler.ts';
import type { SimulatedActivity, SimulatedMinutes, SimulatedSystem, Simulation } from './simulation.ts';

const MINUTE_TICKS = 60 / TICK_SECONDS;
const FLAP_MS = 30 * 60_000;
/** A lost request is worse than a slow one: of them the objective allows this share. */
const ALLOWED_DROP_RATIO = 0.01;

/** A service under traffic, scaled by a policy, in steps of 20 seconds. Pure: the same arguments give the same course. */
export function simulate(system: SimulatedSystem, traffic: Traffic): Simulation {
  const course = new Course(system, traffic);
  const ticks = Math.floor(durationSecondsOf(traffic) / TICK_SECONDS);
  for (let tick = 0; tick < ticks; tick += 1) course.tick(tick);
  return course.result();
}

const hours = (ticks: number): number => (ticks * TICK_SECONDS) / 3600;

class Course {
  readonly #traffic: Traffic;
  readonly #model: ServiceModel;
  readonly #scaler: ServiceScaler;
  readonly #fleet: Fleet;
  readonly #backlog: Backlog;
  readonly #usdPerHour: number | undefined;
  readonly #minutes: SimulatedMinutes;
  readonly #activities: SimulatedActivity[] = [];
  readonly #sums = {
    arrivals: 0,
    served: 0,
    dropped: 0,
    violated: 0,
    taskTicks: 0,
    paidTicks: 0,
    idleTicks: 0,
    atMaximum: 0,
  };
  #violatedMinute = -1;

  constructor({ policy, model, host, spot }: SimulatedSystem, traffic: Traffic) {
    this.#traffic = traffic;
    this.#model = model;
    const first = Math.ceil((rateAt(traffic, 0) * 60) / policy.requests.targetPerMinute);
    this.#scaler = new ServiceScaler(policy, boundsChanges(policy, traffic.startMs, durationSecondsOf(traffic)), first);
    const tasks = this.#scaler.desired;
    this.#fleet = new Fleet(host, { startUpSeconds: model.startUpSeconds, tasks, spot });
    this.#backlog = new Backlog(model);
    this.#usdPerHour = host.usdPerHour;
    this.#minutes = emptyMinutes(Math.ceil(durationSecondsOf(traffic) / 60));
  }

  tick(tick: number): void {
    const now = tick * TICK_SECONDS;
    const rate = rateAt(this.#traffic, now + TICK_SECONDS / 2);
    this.#fleet.tick(tick, this.#scaler.desired);
    const { running } = this.#fleet;
    const arrivals = this.#backlog.arrivals(rate);
    const { served, dropped } = this.#backlog.tick(arrivals, running);
    const perTask = running === 0 ? 0 : served / TICK_SECONDS / running;
    const cpuRatio = Math.min(1, (perTask / this.#model.capacityPerSecond) * this.#model.cpuRatio);
    const loadRatio = running === 0 ? Number.POSITIVE_INFINITY : rate / running / this.#model.capacityPerSecond;
    const us =
      running === 0
        ? this.#model.patienceSeconds * 1e6
        : responseUs(this.#model, loadRatio) + this.#backlog.waitUs(running);
    const observed = { perSecond: rate, cpuRatio, requestsPerMinute: running === 0 ? 0 : (rate * 60) / running };
    this.#record(tick, observed, us);
    this.#sums.arrivals += arrivals;
    this.#sums.served += served;
    this.#sums.dropped += dropped;
    const missed = us > this.#model.limitUs * (1 + 1e-9) || dropped > ALLOWED_DROP_RATIO * arrivals;
    if (missed && arrivals > 0) this.#violate(Math.floor(tick / MINUTE_TICKS));
    this.#scale(tick, observed);
  }

  #scale(tick: number, observed: Observed): void {
    const before = this.#scaler.desired;
    this.#scaler.tick((tick + 1) * TICK_SECONDS, observed);
    const { desired, cause, max } = this.#scaler;
    if (desired >= max) this.#sums.atMaximum += 1;
    if (desired === before) return;
    const atMs = this.#traffic.startMs + (tick + 1) * TICK_SECONDS * 1000;
    this.#activities.push({ atMs, from: before, to: desired, cause });
  }

  #violate(minute: number): void {
    if (minute === this.#violatedMinute) return;
    this.#violatedMinute = minute;
    this.#sums.violated += 1;
  }

  #record(tick: number, { perSecond, cpuRatio }: Observed, us: number): void {
    const { running, paid } = this.#fleet;
    const minute = Math.floor(tick / MINUTE_TICKS);
    const minutes = this.#minutes;
    minutes.perSecond[minute] = perSecond;
    minutes.desired[minute] = this.#scaler.desired;
    minutes.running[minute] = running;
    minutes.least[minute] = this.#scaler.least;
    minutes.cpuRatio[minute] = Math.max(minutes.cpuRatio[minute] ?? 0, cpuRatio);
    minutes.responseUs[minute] = Math.max(minutes.responseUs[minute] ?? 0, us);
    const needed = Math.max(1, Math.ceil((perSecond * (1 + HEADROOM_RATIO)) / this.#model.capacityPerSecond));
    this.#sums.taskTicks += running;
    this.#sums.paidTicks += paid;
    this.#sums.idleTicks += Math.max(0, running - needed);
  }

  result(): Simulation {
    const { arrivals, served, dropped, violated, taskTicks, paidTicks, idleTicks, atMaximum } = this.#sums;
    return {
      startMs: this.#traffic.startMs,
      minutes: this.#minutes,
      activities: this.#activities,
      arrivals,
      served,
      dropped,
      queued: this.#backlog.queued,
      violatedMinutes: violated,
      taskHours: hours(taskTicks),
      usd: this.#usdPerHour === undefined ? undefined : hours(paidTicks) * this.#usdPerHour,
      flaps: flapsOf(this.#activities),
      overProvisionedTaskMinutes: hours(idleTicks) * 60,
      minutesAtMaximum: atMaximum / MINUTE_TICKS,
    };
  }
}

const emptyMinutes = (count: number): SimulatedMinutes => ({
  perSecond: new Float64Array(count),
  desired: new Float64Array(count),
  running: new Float64Array(count),
  least: new Float64Array(count),
  cpuRatio: new Float64Array(count),
  responseUs: new Float64Array(count),
});

function flapsOf(activities: readonly SimulatedActivity[]): number {
  return activities.slice(1).filter(({ atMs, from, to }, i) => {
    const before = activities[i];
    return before !== undefined && atMs - before.atMs <= FLAP_MS && to > from !== before.to > before.from;
  }).length;
}
