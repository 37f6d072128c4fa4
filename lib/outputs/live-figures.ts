import { Aligner } from '../measure/align.ts';
import { addWire, type IntervalWire } from '../measure/codec.ts';
import { emptyAgain, emptyInterval, stepOf } from '../measure/interval.ts';
import { planSteps, type Plan } from '../plan/plan.ts';
import type { LivePhase, RunLabels, LiveSecond } from './output.ts';

export interface LiveOptions {
  readonly id: string;
  readonly plan: Plan;
  readonly environment: string;
  readonly workers: number;
  /** By id, what was read of the system lately. */
  readonly signals: () => ReadonlyMap<string, number>;
  readonly nowMs: () => number;
  readonly onSecond: (live: LiveSecond) => void;
}

/**
 * Puts the seconds of all workers together as they come, one phase after another. A second is handed on when every worker has
 * sent a later one, or the phase is over.
 */
export class LiveFigures {
  readonly #options: LiveOptions;
  readonly #run: RunLabels;
  /** By the step's number in the plan, the number of the first step of its name in its scenario: these are one request. */
  readonly #numbers: readonly number[];
  readonly #interval = emptyInterval();
  #soFar = emptyInterval();
  #aligner: Aligner<IntervalWire> | undefined;
  #atMs = 0;

  constructor(options: LiveOptions) {
    this.#options = options;
    const names = planSteps(options.plan).map(({ scenario, step }) => ({ scenario, step: step.name }));
    const steps = names.filter((name, at) => indexOf(names, name) === at);
    this.#numbers = names.map((name) => indexOf(steps, name));
    this.#run = { id: options.id, plan: options.plan.name, steps };
  }

  phaseStarted(phase: LivePhase): void {
    this.#soFar = emptyInterval();
    for (const step of this.#run.steps.keys()) stepOf(this.#soFar, step);
    emptyAgain(this.#interval);
    this.#aligner = new Aligner<IntervalWire>(
      this.#options.workers,
      (_, part) => {
        const own = { ...part, steps: part.steps.map((each) => ({ ...each, step: this.#numbers[each.step] ?? 0 })) };
        for (const into of [this.#interval, this.#soFar]) addWire(into, own);
      },
      (second) => this.#handOn(phase, second),
    );
  }

  add(interval: IntervalWire): void {
    this.#aligner?.add(interval.worker, interval.second, interval);
  }

  phaseEnded(): void {
    this.#aligner?.end();
    this.#aligner = undefined;
  }

  /**
   * When the second ended. A phase's last seconds are broken off, and the next phase begins before they would have ended: each is
   * later than the one before it all the same, since receivers refuse what is not.
   */
  #endOf({ startAtMs }: LivePhase, second: number): number {
    const endMs = Math.min(startAtMs + (second + 1) * 1000, this.#options.nowMs());
    return (this.#atMs = Math.max(this.#atMs + 1, Math.round(endMs)));
  }

  #handOn(phase: LivePhase, second: number): void {
    const { environment, signals, onSecond } = this.#options;
    onSecond({
      run: this.#run,
      environment,
      phase,
      share: { index: 0, of: 1 },
      second,
      atMs: this.#endOf(phase, second),
      interval: this.#interval,
      soFar: this.#soFar,
      signals: signals(),
    });
    emptyAgain(this.#interval);
  }
}

const indexOf = (names: RunLabels['steps'], { scenario, step }: RunLabels['steps'][number]): number =>
  names.findIndex((name) => name.scenario === scenario && name.step === step);
