import type { z } from 'zod';
import type { Draft, Placed } from '../draft.ts';
import type { Path } from '../../document/problems.ts';
import type { duration } from '../../schedule/duration.ts';
import type { Course } from './course.ts';
import type { functionName } from './schemas/hooks.ts';
import type { reference, variableName } from './schemas/name.ts';
import type { httpSchema } from './schemas/request.ts';

/** What kinds make their schemas of. It is handed to them, so that what only walks a plan, as the generator does, loads no zod. */
export interface SchemaParts {
  readonly z: typeof z;
  readonly duration: typeof duration;
  readonly variableName: typeof variableName;
  readonly reference: typeof reference;
  readonly functionName: typeof functionName;
  readonly request: typeof httpSchema;
}

/** What a plan knows of one kind of step by its keys. */
interface StepKeys {
  /** A step with one of these keys is of this kind. */
  readonly keys: readonly string[];
  /** Where the name of a list stands that must be known before the step. */
  readonly lists?: Path;
  /** Keys whose text is a condition (condition.ts). */
  readonly conditions?: readonly string[];
  /** `templates`: keys whose texts may hold templates; `templateKeys`: those below which keys may too. `literals`: keys whose texts may not, though one is easily written there. */
  readonly templates?: readonly string[];
  readonly templateKeys?: readonly string[];
  readonly literals?: readonly string[];
}

/** One kind of step. How the generator runs it is in loadgen/engine/compile.ts. */
export interface StepKind<Input, Out> extends StepKeys {
  schema(parts: SchemaParts): z.ZodType<Input>;
  lower(input: Input): Out;
  /** What one run of the step comes to. */
  course(step: Out): Course;
}

/** A kind that holds steps of any kind. It is generic in them, since only the list of all kinds (index.ts) knows which those are. */
export interface HolderKind<Input, Out, AnyInput, AnyStep> extends StepKeys {
  schema(parts: SchemaParts, step: z.ZodType<AnyInput>): z.ZodType<Input>;
  lower(input: Input, lowerInner: (step: AnyInput) => AnyStep): Out;
  course(step: Out, ofInner: (steps: readonly AnyStep[]) => Course): Course;
  readonly inner: Inner<Out, AnyStep>;
}

/** The lists of steps directly inside a step. */
interface Inner<Out, AnyStep> {
  inDraft(step: Placed<Draft>): Placed<Draft>[][];
  inStep(step: Out): readonly (readonly AnyStep[])[];
  /** How often a list runs in one run of the step, as written; once where this is not given. */
  times?(step: Draft): unknown;
  /** Names that have a value inside only. */
  names?(step: Draft): string[];
  /** Whether the author's condition says if a list runs: what any of them captures may then be used after it. */
  readonly mayBeSkipped?: true;
}
