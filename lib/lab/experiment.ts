/** What a learner takes along from an experiment. Each text is one or two sentences. */
interface Lesson {
  /** What the fault does. */
  readonly happens: string;
  /** Why that makes users wait, or fail. */
  readonly why: string;
  /** How it looks in the report. */
  readonly signs: string;
  readonly prevention: string;
}

/** A fault as it is run here: switched on under load after a healthy span, and off again. */
export interface Experiment extends Lesson {
  /** Of target/faults, by its name. */
  readonly fault: string;
  /** Chosen for a laptop; the fault's own defaults hold for what is not named. */
  readonly parameters: Readonly<Record<string, number>>;
}
