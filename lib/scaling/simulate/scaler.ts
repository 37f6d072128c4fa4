import type { ScalingPolicy } from '../../environment/scaling-policy.ts';
import type { BoundsChange } from './bounds.ts';
import { LoadForecast } from './forecast.ts';
import { DelayedMetric, TICK_SECONDS } from './metric.ts';
import { changeOf, OutCooldown, type ScalingStep, shareAt } from './step-scaling.ts';
import { TargetTracker } from './target-tracking.ts';

/** What a tick showed of the service. */
export interface Observed {
  readonly perSecond: number;
  readonly cpuRatio: number;
  /** Requests a minute and target. */
  readonly requestsPerMinute: number;
}

const HOUR_SECONDS = 3600;
/** As the stack has it (lib/infra/staging/scaling.ts). */
const JUMP_COOLDOWN_SECONDS = 60;

/** What one policy wants. */
interface Asked {
  readonly wanted: number;
  readonly cause: string;
  readonly cooldown: OutCooldown;
}

/**
 * Application Auto Scaling of one ECS service: of several policies that want more the one that wants most wins, and tasks go only when
 * every target tracking is ready for it. Memory is taken to be ready always: it follows load slowly, and rarely decides.
 * Source: Application Auto Scaling User Guide, "Multiple scaling policies" and "Target tracking scaling policies".
 */
export class ServiceScaler {
  desired: number;
  min: number;
  max: number;
  /** Of the last change. */
  cause = 'start';

  readonly #policy: ScalingPolicy;
  readonly #changes: readonly BoundsChange[];
  readonly #minute = new DelayedMetric(60);
  readonly #cpuMetric: DelayedMetric;
  readonly #requestMetric = new DelayedMetric(60);
  readonly #cpu: TargetTracker;
  readonly #requests: TargetTracker;
  readonly #cooldowns: Readonly<Record<'cpu' | 'requests' | 'jump', OutCooldown>>;
  readonly #steps: readonly ScalingStep[];
  readonly #forecast = new LoadForecast();
  #nextChange = 0;
  #inUntil = 0;
  #foreseen = 0;

  constructor(policy: ScalingPolicy, changes: readonly BoundsChange[], desired: number) {
    this.#policy = policy;
    this.#changes = changes;
    this.min = policy.tasks.min;
    this.max = policy.tasks.max;
    this.desired = desired;
    this.#byClock(0);
    this.desired = Math.min(this.max, Math.max(this.min, desired));
    this.cause = 'start';
    const every = policy.cpu.everySeconds ?? 60;
    this.#cpuMetric = new DelayedMetric(every);
    this.#cpu = new TargetTracker('cpu', policy.cpu.targetRatio, every);
    this.#requests = new TargetTracker('requests', policy.requests.targetPerMinute, 60);
    const { outSeconds } = policy.cooldown;
    this.#cooldowns = {
      cpu: new OutCooldown(outSeconds),
      requests: new OutCooldown(outSeconds),
      jump: new OutCooldown(JUMP_COOLDOWN_SECONDS),
    };
    const steps = policy.jump?.steps ?? [];
    this.#steps = steps
      .map(({ cpuRatio, addShare }) => ({ from: cpuRatio, share: addShare }))
      .toSorted((a, b) => a.from - b.from);
  }

  /** The fewest tasks that schedule and forecast allow. */
  get least(): number {
    return Math.min(this.max, Math.max(this.min, this.#foreseen));
  }

  /** Decides at `now`, in seconds from the start, after a tick has ended. */
  tick(now: number, { perSecond, cpuRatio, requestsPerMinute }: Observed): void {
    const before = this.desired;
    this.#byClock(now);
    this.#byForecast(now, perSecond);
    const cpu = this.#cpuMetric.add(cpuRatio);
    const minute = this.#minute.add(cpuRatio);
    const requests = this.#requestMetric.add(requestsPerMinute);
    if (!Number.isNaN(cpu)) this.#cpu.see(cpu);
    if (!Number.isNaN(requests)) this.#requests.see(requests);
    // An alarm is looked at when a datapoint of its own has come.
    const asked = [
      ...(Number.isNaN(cpu) ? [] : this.#tracked(now, this.#cpu, this.#cooldowns.cpu)),
      ...(Number.isNaN(requests) ? [] : this.#tracked(now, this.#requests, this.#cooldowns.requests)),
      ...(Number.isNaN(minute) ? [] : this.#stepped(now, minute)),
    ];
    if (asked.length > 0) this.#out(now, asked);
    else if (!Number.isNaN(cpu) || !Number.isNaN(requests)) this.#in(now);
    if (this.desired > before) this.#inUntil = 0;
  }

  /** Other bounds from now on. Source: Application Auto Scaling User Guide, "Scheduled scaling": outside of them it scales at once. */
  #byClock(now: number): void {
    for (let next = this.#changes[this.#nextChange]; next !== undefined && next.atSeconds <= now;) {
      [this.min, this.max] = [next.min, next.max];
      this.#set(this.desired, next.name);
      this.#nextChange += 1;
      next = this.#changes[this.#nextChange];
    }
  }

  /** At the buffer before an hour its forecast becomes the least; it never takes away. */
  #byForecast(now: number, perSecond: number): void {
    const { predictive, requests } = this.#policy;
    if (predictive === undefined) return;
    this.#forecast.add(perSecond);
    if (predictive.mode !== 'scale' || (now + predictive.bufferSeconds) % HOUR_SECONDS >= TICK_SECONDS) return;
    const hour = Math.floor((now + predictive.bufferSeconds) / HOUR_SECONDS);
    this.#foreseen = Math.ceil(((this.#forecast.of(hour) ?? 0) * 60) / requests.targetPerMinute);
    this.#set(this.desired, 'predictive');
  }

  #tracked(now: number, tracker: TargetTracker, cooldown: OutCooldown): Asked[] {
    if (!tracker.isHigh) return [];
    return [{ wanted: tracker.wanted(cooldown.base(now, this.desired)), cause: tracker.name, cooldown }];
  }

  #stepped(now: number, cpuRatio: number): Asked[] {
    const share = shareAt(this.#steps, cpuRatio);
    if (share === 0) return [];
    const cooldown = this.#cooldowns.jump;
    const base = cooldown.base(now, this.desired);
    return [{ wanted: base + changeOf(base, share), cause: 'jump', cooldown }];
  }

  /** The one that wants most wins, all of them counting from what there is. */
  #out(now: number, asked: readonly Asked[]): void {
    const most = asked.reduce((best, each) => (each.wanted > best.wanted ? each : best));
    const before = this.desired;
    if (most.wanted <= before) return;
    this.#set(most.wanted, most.cause);
    if (this.desired > before) most.cooldown.start(now, before);
  }

  #in(now: number): void {
    if (now < this.#inUntil || !this.#cpu.isLow || !this.#requests.isLow) return;
    const before = this.desired;
    const fewer = Math.max(this.#cpu.wanted(before), this.#requests.wanted(before));
    if (fewer >= before) return;
    this.#set(fewer, 'scale-in');
    if (this.desired < before) this.#inUntil = now + this.#policy.cooldown.inSeconds;
  }

  #set(wanted: number, cause: string): void {
    const desired = Math.min(this.max, Math.max(this.least, wanted));
    if (desired !== this.desired) this.cause = cause;
    this.desired = desired;
  }
}
