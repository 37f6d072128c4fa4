import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderStore } from '../../lib/adapters/node/folder-store.ts';
import { capacityOf, type Capacity } from '../../lib/analysis/capacity/capacity.ts';
import { measuredFor, probeOf } from '../../lib/analysis/capacity/phases.ts';
import type { Probe } from '../../lib/analysis/capacity/probe.ts';
import { settingsOf } from '../../lib/analysis/capacity/settings.ts';
import { windowOf } from '../../lib/analysis/outcome.ts';
import { judgePhase, type PhaseFindings } from '../../lib/analysis/phase.ts';
import { codeOf } from '../../lib/errors.ts';
import { Aligner } from '../../lib/measure/align.ts';
import { parseInterval, type IntervalWire } from '../../lib/measure/codec.ts';
import { MeasurementBuilder, type Point } from '../../lib/measure/measurement.ts';
import type { Phase } from '../../lib/plan/phase.ts';
import { isSearch } from '../../lib/plan/plan.ts';
import { folderKeys } from '../../lib/run/archive/keys.ts';
import { phaseAt, startedAtMs } from '../../lib/run/archive/phase-files.ts';
import type { StoredRun } from '../../lib/run/archive/run-record.ts';
import { jsonAt } from '../../lib/run/archive/store.ts';
import type { SignalSeries } from '../../lib/signals/signal.ts';

/** A phase as far as it lies in the folder. */
export interface FollowedPhase {
  readonly number: number;
  readonly phase: Phase;
  readonly startedAtMs: number;
  readonly points: readonly Point[];
  readonly findings?: PhaseFindings;
}

/** Follows a run by the intervals that it writes into its folder, wherever it was started. Each line is read once. */
export class LiveRun {
  readonly run: StoredRun;
  readonly #folder: string;
  readonly #store: FolderStore;
  readonly #ended: FollowedPhase[] = [];
  readonly #probes: Probe[] = [];
  #current: PhaseReader | undefined;

  constructor(run: StoredRun, folder: string) {
    this.run = run;
    this.#folder = folder;
    this.#store = new FolderStore(folder);
  }

  get phases(): readonly FollowedPhase[] {
    return this.#current === undefined ? this.#ended : [...this.#ended, this.#current.soFar()];
  }

  /** What a search knows by now. */
  get capacity(): Capacity | undefined {
    return isSearch(this.run.plan) ? capacityOf(settingsOf(this.run.plan), this.#probes) : undefined;
  }

  /** Reads what has been written since. @throws PlimsollError E-STORE-DAMAGED */
  async read(): Promise<void> {
    for (;;) {
      this.#current ??= await this.#begun(this.#ended.length);
      if (this.#current === undefined) return;
      // Asked first: what is written before the next phase begins is all of this one.
      const next = await this.#begun(this.#ended.length + 1);
      await this.#current.read();
      if (next === undefined) return;
      this.#ended.push(await this.#judged(this.#current));
      this.#current = next;
    }
  }

  async #begun(number: number): Promise<PhaseReader | undefined> {
    const keys = folderKeys.phase(number);
    const [handedOut, startMs] = await Promise.all([phaseAt(this.#store, keys), startedAtMs(this.#store, keys)]);
    if (handedOut === undefined || startMs === undefined) return undefined;
    const folder = join(this.#folder, keys.intervalsPrefix);
    return new PhaseReader(folder, { number, phase: handedOut.phase, startedAtMs: startMs }, this.run);
  }

  async #judged(reader: PhaseReader): Promise<FollowedPhase> {
    const { plan, facts } = this.run;
    const measurement = reader.end();
    const { phase, startedAtMs: startMs } = reader.of;
    const outcome = { phase, startedAtMs: startMs, ranSeconds: phase.durationUs / 1e6, measurement };
    const series = (await jsonAt(this.#store, folderKeys.signals, (value) => value as readonly SignalSeries[])) ?? [];
    const findings = judgePhase(plan, outcome, windowOf(outcome, Date.parse(facts.startedAt), series));
    this.#probes.push(...[probeOf(outcome, findings)].filter((probe) => probe !== undefined));
    return { ...reader.of, points: measurement.points, findings };
  }
}

type Of = Pick<FollowedPhase, 'number' | 'phase' | 'startedAtMs'>;

/** Reads one phase's intervals, each file from where it was left. */
class PhaseReader {
  readonly of: Of;
  readonly #folder: string;
  readonly #builder: MeasurementBuilder;
  readonly #aligner: Aligner<IntervalWire>;
  readonly #offsets = new Map<string, number>();
  readonly #points: Point[] = [];

  constructor(folder: string, of: Of, { plan, facts }: StoredRun) {
    this.of = of;
    this.#folder = folder;
    this.#builder = new MeasurementBuilder(of.phase.durationUs / 1e6, measuredFor(of.phase, plan));
    this.#aligner = new Aligner(facts.workers, (second, part) => {
      this.#builder.addWire(second, part);
      const latest = this.#builder.latest();
      if (latest !== undefined && latest !== this.#points.at(-1)) this.#points.push(latest);
    });
  }

  soFar = (): FollowedPhase => ({ ...this.of, points: this.#points });

  end() {
    this.#aligner.end();
    return this.#builder.build();
  }

  async read(): Promise<void> {
    for (const worker of (await namesIn(this.#folder)).filter((name) => /^\d+$/.test(name)))
      for (const chunk of (await namesIn(join(this.#folder, worker))).toSorted())
        for (const line of await this.#newLines(join(this.#folder, worker, chunk))) {
          const interval = parseInterval(JSON.parse(line));
          this.#aligner.add(interval.worker, interval.second, interval);
        }
  }

  /** Whole lines only: the last one may be half written. */
  async #newLines(path: string): Promise<string[]> {
    const from = this.#offsets.get(path) ?? 0;
    const { size } = await stat(path);
    if (size <= from) return [];
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    const end = buffer.subarray(0, bytesRead).lastIndexOf('\n') + 1;
    this.#offsets.set(path, from + end);
    return buffer.toString('utf8', 0, end).split('\n').slice(0, -1);
  }
}

const namesIn = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
