import type { SignalSource, TaskSources } from './sampler.ts';

/** A task of a service, and the host that it answers at. */
export interface TaskAddress {
  readonly task: string;
  readonly host: string;
}

/** A new task is read from then on, a gone one so long in vain; asked more often, ECS would throttle others of the account. */
const LOOK_EVERY_MS = 10_000;

export interface WatchedTasksProps {
  /** All tasks that run. */
  readonly list: () => Promise<readonly TaskAddress[]>;
  readonly sourceOf: (host: string) => SignalSource;
  readonly nowMs?: () => number;
}

/** The tasks of a service, looked for again and again; where that fails those that were known are read on. */
export class WatchedTasks implements TaskSources {
  readonly #props: WatchedTasksProps;
  readonly #nowMs: () => number;
  #sources: ReadonlyMap<string, SignalSource> = new Map();
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #failure: unknown;

  constructor(props: WatchedTasksProps) {
    this.#props = props;
    this.#nowMs = props.nowMs ?? (() => performance.now());
  }

  /** Why the tasks could not be looked for the last time; undefined where they could. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Those of the last look. The next look goes on beside the reading: no reading waits for ECS. */
  current(): ReadonlyMap<string, SignalSource> {
    if (this.#nowMs() - this.#lookedAtMs >= LOOK_EVERY_MS) void this.look();
    return this.#sources;
  }

  async look(): Promise<void> {
    this.#lookedAtMs = this.#nowMs();
    try {
      const found = await this.#props.list();
      const known = this.#sources;
      const sources = found.map(({ task, host }) => [task, known.get(task) ?? this.#props.sourceOf(host)] as const);
      this.#sources = new Map(sources);
      const gone = [...known].filter(([task]) => !this.#sources.has(task));
      await Promise.allSettled(gone.map(([, source]) => source.close()));
      this.#failure = undefined;
    } catch (error) {
      this.#failure = error;
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled(Array.from(this.#sources.values(), (source) => source.close()));
  }
}
