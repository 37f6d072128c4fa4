import { clearScreenDown, cursorTo, moveCursor } from 'node:readline';
import type { MeasurementBuilder } from '../../lib/measure/measurement.ts';
import type { Capacity } from '../../lib/analysis/capacity/capacity.ts';
import type { Phase } from '../../lib/plan/phase.ts';
import { isSearch, type Plan } from '../../lib/plan/plan.ts';
import { searchedSoFar } from '../../lib/report/capacity-words.ts';
import { oneLine } from '../../lib/report/numbers.ts';
import { liveLine, livePanel, type LiveState, type Repeat } from '../../lib/report/live.ts';
import type { PhaseFindings } from '../../lib/analysis/phase.ts';
import type { NumberedPhase } from '../../lib/run/next.ts';
import type { RunProgress } from '../../lib/run/run.ts';
import { formatNumber, formatUs } from '../../lib/units.ts';
import { printMessage } from '../terminal.ts';

const REDRAW_MS = 250;
const LINE_MS = 5000;

/** Shows the run while it goes on: a panel redrawn in place on a terminal, else a plain line every few seconds. */
export class LiveView implements RunProgress {
  readonly #plan: Plan;
  readonly #out: NodeJS.WriteStream;
  readonly #repeat: Repeat | undefined;
  readonly #remarks: () => readonly string[];
  #timer: NodeJS.Timeout | undefined;
  #drawn = 0;
  #begunUs = 0;
  #soFar: string | undefined;

  /** `remarks` are what there is to say of the run beside its figures, by now. */
  constructor(
    plan: Plan,
    out: NodeJS.WriteStream,
    { repeat, remarks = () => [] }: { repeat?: Repeat | undefined; remarks?: () => readonly string[] } = {},
  ) {
    this.#plan = plan;
    this.#repeat = repeat;
    this.#remarks = remarks;
    this.#out = out;
  }

  phaseStarted(
    { phase, number }: NumberedPhase,
    startedAtMs: number,
    builder: Pick<MeasurementBuilder, 'latest'>,
  ): void {
    const phases = isSearch(this.#plan) ? undefined : Math.max(number + 1, this.#plan.phases.length);
    const laterUs = this.#laterUs(phase);
    this.#begunUs += phase.durationUs;
    const soFar = this.#soFar;
    const repeat = this.#repeat;
    const state = (): LiveState => {
      const elapsedUs = Math.min(phase.durationUs, Math.max(0, Date.now() - startedAtMs) * 1000);
      const leftUs = phase.durationUs - elapsedUs + laterUs;
      const latest = builder.latest();
      return {
        phase,
        number: number + 1,
        phases,
        elapsedUs,
        leftUs,
        latest,
        remarks: this.#remarks(),
        ...(soFar !== undefined && { soFar }),
        ...(repeat !== undefined && { repeat }),
      };
    };
    const show = this.#out.isTTY
      ? () => this.#draw(livePanel(state(), this.#out.columns || 80))
      : () => printMessage(liveLine(state()));
    if (this.#out.isTTY) show();
    this.#timer = setInterval(show, this.#out.isTTY ? REDRAW_MS : LINE_MS);
  }

  /** What follows the phase: the plan's later phases, or what a search has left of its budget. */
  #laterUs(phase: Phase): number {
    if (isSearch(this.#plan)) return this.#plan.capacity.budgetUs - this.#begunUs - phase.durationUs;
    const at = this.#plan.phases.findIndex(({ name }) => name === phase.name);
    return this.#plan.phases.slice(at + 1).reduce((sum, each) => sum + each.durationUs, 0);
  }

  phaseEnded({ name, verdict, responseTimeUs, throughputPerSecond }: PhaseFindings, soFar?: Capacity): void {
    this.clear();
    this.#soFar = soFar === undefined ? undefined : searchedSoFar(soFar);
    const p99 = responseTimeUs.p99 === null ? 'no reply' : `p99 ${formatUs(responseTimeUs.p99)}`;
    const suffix = this.#soFar === undefined ? '' : `; ${this.#soFar}`;
    printMessage(`${oneLine(name)}: ${verdict}, ${formatNumber(throughputPerSecond)} req/s, ${p99}${suffix}`);
  }

  /** Takes the panel off the screen. */
  clear(): void {
    clearInterval(this.#timer);
    if (this.#drawn > 0) this.#wipe();
    this.#drawn = 0;
  }

  /** From the first column: a terminal echoes Ctrl-C where the cursor stood. */
  #wipe(): void {
    cursorTo(this.#out, 0);
    if (this.#drawn > 0) moveCursor(this.#out, 0, -this.#drawn);
    clearScreenDown(this.#out);
  }

  #draw(lines: readonly string[]): void {
    this.#wipe();
    this.#out.write(`${lines.join('\n')}\n`);
    this.#drawn = lines.length;
  }
}
