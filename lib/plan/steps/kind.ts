import type { z } from 'zod';
import type { Draft, Placed } from '../draft.ts';
import type { Path } from '../../document/problems.ts';
import type { Course } from './course.ts';
import type { Step, StepInput } from './index.ts';

/** One kind of step, and all that a plan knows of it. How the generator runs it is in loadgen/engine/compile.ts. */
export interface StepKind<Input, Out extends { readonly kind: string }> {
  /** A step with one of these keys is of this kind. */
  readonly keys: readonly string[];
  /** `step` is the schema of any step, for kinds that hold steps. */
  schema(step: z.ZodType<StepInput>): z.ZodType<Input>;
  lower(input: Input, lowerInner: (step: StepInput) => Step): Out;
  readonly inner?: Inner<Out>;
  /** What one run of the step comes to. */
  course(step: Out, ofInner: (steps: readonly Step[]) => Course): Course;
  /** Where the name of a list stands that must be known before the step. */
  readonly lists?: Path;
  /** Keys whose text is a condition (condition.ts). */
  readonly conditions?: readonly string[];
  /** `templates`: keys whose texts may hold templates; `templateKeys`: those below which keys may too. `literals`: keys whose texts may not, though one is easily written there. */
  readonly templates?: readonly string[];
  readonly templateKeys?: readonly string[];
  readonly literals?: readonly string[];
}

/** The lists of steps directly inside a step. */
interface Inner<Out> {
  inDraft(step: Placed<Draft>): Placed<Draft>[][];
  inStep(step: Out): readonly (readonly Step[])[];
  /** How often a list runs in one run of the step, as written; once where this is not given. */
  times?(step: Draft): unknown;
  /** Names that have a value inside only. */
  names?(step: Draft): string[];
  /** Whether the author's condition says if a list runs: what any of them captures may then be used after it. */
  readonly mayBeSkipped?: true;
}
