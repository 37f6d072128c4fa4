import { Aligner } from '../../lib/measure/align.ts';
import { parseInterval, type IntervalWire } from '../../lib/measure/codec.ts';
import { encodeInterval } from '../../lib/measure/encode.ts';
import { emptyInterval } from '../../lib/measure/interval.ts';
import { MeasurementBuilder } from '../../lib/measure/measurement.ts';
import type { PhaseKeys } from '../../lib/run/archive/keys.ts';
import { type StoredRun, readState } from '../../lib/run/archive/run-record.ts';
import { startedAtMs, phaseAt } from '../../lib/run/archive/phase-files.ts';
import { readJson, type Store, textAt } from '../../lib/run/archive/store.ts';
import { windowOf } from '../../lib/analysis/outcome.ts';
import { judgePhase } from '../../lib/analysis/phase.ts';
import { decodeOutcome } from '../../lib/run/archive/outcomes.ts';
import type { NumberedPhase } from '../../lib/run/next.ts';
import type { RunProgress } from '../../lib/run/run.ts';
import { oneLine } from '../../lib/report/numbers.ts';
import { printMessage } from '../terminal.ts';

/** Watching that begins later in a phase than this starts with its newest chunks: to read hours of them would take minutes. */
const CATCH_UP_SECONDS = 30;

/** Three chunks of five seconds: a worker whose newest second is further than this from the others' is waited for no more. */
const LAG_SECONDS = 15;

/** What stands for the seconds of a worker that is waited for no more. */
const SILENCE = encodeInterval({ phase: 0, worker: 0, second: 0 }, emptyInterval());

/** Puts the seconds of a running phase together while its workers store them. */
export class PhaseFollower {
  /** Counted from where the watching began. Of a phase so short a point is one second, and so it stays beyond its end. */
  readonly builder = new MeasurementBuilder(1);
  readonly #store: Store;
  readonly #keys: PhaseKeys;
  readonly #aligner: Aligner<IntervalWire>;
  /** By worker: the second with which its next chunk begins. */
  readonly #next: (number | undefined)[];
  #firstShown: number | undefined;

  constructor(store: Store, { facts, keys }: StoredRun, number: number) {
    this.#store = store;
    this.#keys = keys.phase(number);
    this.#next = Array.from({ length: facts.workers }, () => undefined);
    this.#aligner = new Aligner<IntervalWire>(facts.workers, (second, part) => {
      this.#firstShown ??= second;
      this.builder.addWire(second - this.#firstShown, part);
    });
  }

  /** When the phase starts or has started; undefined while its workers are not all ready. */
  async startedAtMs(): Promise<number | undefined> {
    return await startedAtMs(this.#store, this.#keys);
  }

  /** Reads what has come since. */
  async look(elapsedSeconds: number): Promise<void> {
    await Promise.all(this.#next.map((_, worker) => this.#read(worker, elapsedSeconds)));
    const furthest = Math.max(...this.#next.map((next) => next ?? 0)) - 1;
    for (const [worker, next = 0] of this.#next.entries())
      if (next + LAG_SECONDS < furthest) this.#aligner.add(worker, furthest - LAG_SECONDS, SILENCE);
  }

  /** A worker's chunks follow one another without a gap, so each names the next, and nothing is listed. */
  async #read(worker: number, elapsedSeconds: number): Promise<void> {
    for (;;) {
      const first = (this.#next[worker] ??= await this.#join(worker, elapsedSeconds));
      const chunk = first === undefined ? undefined : await textAt(this.#store, this.#keys.intervals(worker, first));
      if (chunk === undefined) return;
      for (const line of chunk.split('\n')) {
        if (line === '') continue;
        const wire = readJson(this.#keys.intervals(worker, first ?? 0), line, parseInterval);
        this.#aligner.add(worker, wire.second, wire);
        this.#next[worker] = wire.second + 1;
      }
      // A chunk without a line would be read for ever.
      if (this.#next[worker] === first) return;
    }
  }

  /** The first second of the last chunk of a running phase: one of the hundred seconds around it, in one listing. */
  async #join(worker: number, elapsedSeconds: number): Promise<number | undefined> {
    if (elapsedSeconds < CATCH_UP_SECONDS) return 0;
    const around = this.#keys.intervals(worker, Math.floor(elapsedSeconds - LAG_SECONDS));
    const last = (await Array.fromAsync(this.#store.list(around.slice(0, -'00.ndjson'.length)))).at(-1);
    return last === undefined ? undefined : Number(last.slice(-'000000.ndjson'.length, -'.ndjson'.length));
  }
}

/** Shows a view what a run in the cloud does, from what its steps and workers store. */
export class RunFollower {
  readonly #store: Store;
  readonly #run: StoredRun;
  readonly #view: RunProgress;
  /** How many phases have been shown to their end. */
  #shown = 0;
  #following: { readonly number: number; readonly by: PhaseFollower; startedAtMs?: number | undefined } | undefined;

  constructor(store: Store, run: StoredRun, view: RunProgress) {
    this.#store = store;
    this.#run = run;
    this.#view = view;
  }

  /** Reads once what is new. `isOver`: nothing runs any more, so only the ends of phases are shown. */
  async look(isOver: boolean, nowMs: number): Promise<void> {
    const { handedOut } = await readState(this.#store, this.#run.keys);
    for (; this.#shown < handedOut; this.#shown += 1) {
      const given = await phaseAt(this.#store, this.#run.keys.phase(this.#shown));
      if (given === undefined) return;
      const numbered = { number: this.#shown, phase: given.phase };
      if (await this.#showEnd(numbered)) continue;
      if (!isOver) return await this.#follow(numbered, nowMs);
    }
  }

  /** Judged without what CloudWatch knows, which only the report waits for. */
  async #showEnd({ number, phase }: NumberedPhase): Promise<boolean> {
    const text = await textAt(this.#store, this.#run.keys.phase(number).outcome);
    if (text === undefined) return false;
    const outcome = decodeOutcome(text, phase);
    const { facts, plan } = this.#run;
    this.#view.phaseEnded(judgePhase(plan, outcome, windowOf(outcome, Date.parse(facts.startedAt), [])));
    return true;
  }

  async #follow(numbered: NumberedPhase, nowMs: number): Promise<void> {
    const { number, phase } = numbered;
    const isNew = this.#following?.number !== number;
    if (isNew) this.#following = { number, by: new PhaseFollower(this.#store, this.#run, number) };
    const following = this.#following;
    if (following === undefined) return;
    const beganAtMs = (following.startedAtMs ??= await this.#begun(numbered, following.by));
    if (beganAtMs !== undefined) return await following.by.look((nowMs - beganAtMs) / 1000);
    if (isNew) printMessage(`${oneLine(phase.name)}: waiting for its tasks, ${this.#run.facts.workers} of them …`);
  }

  async #begun(numbered: NumberedPhase, by: PhaseFollower): Promise<number | undefined> {
    const beganAtMs = await by.startedAtMs();
    if (beganAtMs !== undefined) this.#view.phaseStarted(numbered, beganAtMs, by.builder);
    return beganAtMs;
  }
}
