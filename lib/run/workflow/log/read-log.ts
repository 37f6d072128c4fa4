import type { PhaseOutcome } from '../../../analysis/outcome.ts';
import { hiderFor } from '../../../document/hidden.ts';
import { messageOf } from '../../../errors.ts';
import type { Plan } from '../../../plan/plan.ts';
import { type LogEvent, type LogExcerpt, type LoggedLine, troubleIn } from '../../../signals/log-lines.ts';
import { failureWindows } from './failure-windows.ts';
import type { LogWindow, ServiceLog } from '../ports.ts';

export interface LogPorts {
  /** Absent where the environment names no log. */
  readonly serviceLog?: ServiceLog;
  nowMs(): number;
}

export interface ReadLog {
  /** Both are left out where nothing failed, and where nothing could be read. */
  readonly logs?: readonly LoggedLine[];
  readonly logExcerpt?: LogExcerpt;
  readonly doubts: readonly string[];
}

/** Of one window. A page of CloudWatch Logs has 1 MB or 10,000 lines at the most, and may be empty. */
const MOST = { pages: 50, lines: 20_000, letters: 8 * 2 ** 20 };
/** Of all windows together; the step has a quarter of an hour. */
const MOST_MS = 60_000;

/** What the service logged of trouble when requests began to fail. What can't be read is a doubt, never the end of a report. */
export async function readLog(ports: LogPorts, plan: Plan, outcomes: readonly PhaseOutcome[]): Promise<ReadLog> {
  const { serviceLog } = ports;
  const wanted = failureWindows(outcomes, plan.timeoutUs / 1000);
  if (serviceLog === undefined || wanted.length === 0) return { doubts: [] };
  const reading = new LogReading(serviceLog, () => ports.nowMs());
  const logs = await troubleIn(reading.lines(wanted), hiderFor({ ...plan, feeders: [], files: {} }, {}));
  const { begun, doubts } = reading;
  if (begun.length === 0) return { doubts };
  const windows = begun.map(({ fromMs, toMs }) => ({ from: iso(fromMs), to: iso(toMs) }));
  return { logs, logExcerpt: { source: serviceLog.name, windows }, doubts };
}

const iso = (ms: number): string => new Date(ms).toISOString();
const clock = (ms: number): string => iso(ms).slice(11, 19);

/** Windows of a log, one after the other, each up to a bound; why some is missing is in `doubts`. */
class LogReading {
  readonly begun: LogWindow[] = [];
  readonly doubts: string[] = [];
  readonly #log: ServiceLog;
  readonly #nowMs: () => number;
  readonly #endMs: number;
  /** When the last line was logged that was read. */
  #untilMs = 0;

  constructor(log: ServiceLog, nowMs: () => number) {
    this.#log = log;
    this.#nowMs = nowMs;
    this.#endMs = nowMs() + MOST_MS;
  }

  async *lines(windows: readonly LogWindow[]): AsyncGenerator<LogEvent> {
    try {
      for (const window of windows) yield* this.#linesIn(window);
    } catch (error) {
      this.#doubt(`from ${clock(this.#untilMs)} on`, messageOf(error));
    }
  }

  async *#linesIn(window: LogWindow): AsyncGenerator<LogEvent> {
    const read = { pages: 0, lines: 0, letters: 0 };
    this.#untilMs = window.fromMs;
    for await (const page of this.#log.troubleIn(window)) {
      if (this.#nowMs() >= this.#endMs) throw new Error('it took longer than a minute');
      if (read.pages >= MOST.pages || read.lines >= MOST.lines || read.letters >= MOST.letters) {
        this.#doubt(`from ${clock(this.#untilMs)} to ${clock(window.toMs)}`, 'it has too many lines there');
        return;
      }
      if (read.pages === 0) this.begun.push(window);
      yield* page;
      read.pages += 1;
      read.lines += page.length;
      read.letters += page.reduce((sum, { text }) => sum + text.length, 0);
      this.#untilMs = page.at(-1)?.atMs ?? this.#untilMs;
    }
  }

  #doubt(span: string, reason: string): void {
    this.doubts.push(`The log ${this.#log.name} was not read ${span}: ${reason}.`);
  }
}
