import { windowOf } from '../../lib/analysis/outcome.ts';
import { judgePhase } from '../../lib/analysis/phase.ts';
import { decodeOutcome } from '../../lib/run/archive/outcomes.ts';
import { type StoredRun, readState } from '../../lib/run/archive/run-record.ts';
import { phaseAt } from '../../lib/run/archive/phase-files.ts';
import type { NumberedPhase } from '../../lib/run/next.ts';
import type { RunProgress } from '../../lib/run/run.ts';
import { type Store, textAt } from '../../lib/run/archive/store.ts';
import { say } from '../say.ts';
import { PhaseFollower } from './phase-follower.ts';

/** Tells a view what a run in the cloud does, out of what its steps and workers store. */
export class RunFollower {
  readonly #store: Store;
  readonly #run: StoredRun;
  readonly #view: RunProgress;
  /** So many phases are shown to their end. */
  #shown = 0;
  #following: { readonly number: number; readonly by: PhaseFollower; startedAtMs?: number | undefined } | undefined;

  constructor(store: Store, run: StoredRun, view: RunProgress) {
    this.#store = store;
    this.#run = run;
    this.#view = view;
  }

  /** Looks once. `isOver`: nothing runs any more, so only ends are shown. */
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
    const startedAtMs = (following.startedAtMs ??= await this.#begun(numbered, following.by));
    if (startedAtMs !== undefined) return await following.by.look((nowMs - startedAtMs) / 1000);
    if (isNew) say(`${phase.name}: waiting for its tasks, ${this.#run.facts.workers} of them …`);
  }

  async #begun(numbered: NumberedPhase, by: PhaseFollower): Promise<number | undefined> {
    const startedAtMs = await by.startedAtMs();
    if (startedAtMs !== undefined) this.#view.phaseStarted(numbered, startedAtMs, by.builder);
    return startedAtMs;
  }
}
