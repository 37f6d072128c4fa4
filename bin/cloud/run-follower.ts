import { windowOf } from '../../lib/analysis/outcome.ts';
import { judgePhase } from '../../lib/analysis/phase.ts';
import { decodeOutcome } from '../../lib/run/archive/outcome-codec.ts';
import { type StoredRun, readState } from '../../lib/run/archive/run-record.ts';
import { runKeys } from '../../lib/run/archive/keys.ts';
import type { RunProgress } from '../../lib/run/run.ts';
import { type Store, textAt } from '../../lib/run/archive/store.ts';
import { say } from '../say.ts';
import { PhaseFollower } from './phase-follower.ts';

/** Tells a view what a run in the cloud does, out of what its steps and workers store. */
export class RunFollower {
  readonly #store: Store;
  readonly #kept: StoredRun;
  readonly #view: RunProgress;
  /** So many phases are told of to their end. */
  #told = 0;
  #following: { readonly phase: number; readonly by: PhaseFollower; startedAtMs?: number | undefined } | undefined;

  constructor(store: Store, kept: StoredRun, view: RunProgress) {
    this.#store = store;
    this.#kept = kept;
    this.#view = view;
  }

  /** Looks once. `isOver`: nothing runs any more, so only ends are told. */
  async look(isOver: boolean, nowMs: number): Promise<void> {
    const { behind } = await readState(this.#store, this.#kept.facts.id);
    for (; this.#told < behind; this.#told += 1) {
      const isEnded = await this.#tellEnd(this.#told);
      // The last phase of the state may be running; an earlier one without an outcome was skipped.
      if (!isEnded && this.#told === behind - 1 && !isOver) return await this.#follow(this.#told, nowMs);
    }
  }

  /** Judged without what CloudWatch knows, which only the report waits for. */
  async #tellEnd(index: number): Promise<boolean> {
    const phase = this.#kept.plan.phases[index];
    const text = await textAt(this.#store, runKeys(this.#kept.facts.id).phase(index).outcome);
    if (phase === undefined || text === undefined) return false;
    const outcome = decodeOutcome(text, phase);
    const { facts, plan } = this.#kept;
    this.#view.phaseEnded(judgePhase(plan, outcome, windowOf(outcome, Date.parse(facts.startedAt), [])));
    return true;
  }

  async #follow(index: number, nowMs: number): Promise<void> {
    const isNew = this.#following?.phase !== index;
    if (isNew) this.#following = { phase: index, by: new PhaseFollower(this.#store, this.#kept, index) };
    const following = this.#following;
    if (following === undefined) return;
    const startedAtMs = (following.startedAtMs ??= await this.#begun(index, following.by));
    if (startedAtMs !== undefined) return await following.by.look((nowMs - startedAtMs) / 1000);
    if (isNew)
      say(`${this.#kept.plan.phases[index]?.name}: waiting for its tasks, ${this.#kept.facts.workers} of them …`);
  }

  async #begun(index: number, by: PhaseFollower): Promise<number | undefined> {
    const phase = this.#kept.plan.phases[index];
    const startedAtMs = await by.startedAtMs();
    if (phase !== undefined && startedAtMs !== undefined) this.#view.phaseStarted(phase, startedAtMs, by.builder);
    return startedAtMs;
  }
}
