import { durationUs } from '../../units.ts';
import type { HooksInput } from './schemas/hooks.ts';

/** Code of the plan's author, and where it is called. */
export interface PlanHooks {
  /** An absolute path. */
  readonly module: string;
  readonly signatures: NonNullable<HooksInput['signatures']>;
  readonly beforeJourney: readonly string[];
  readonly beforeRequest: readonly string[];
  readonly afterResponse: readonly string[];
  /** Variable → what templates write where it has no value; null where they can't be written then. */
  readonly sets: Readonly<Record<string, string | number | boolean | null>>;
  readonly limitUs: number;
  /** Undefined: all of them. */
  readonly env?: readonly string[];
  readonly names: Readonly<Record<string, string>>;
}

const DEFAULT_LIMIT = '1s';

export const functionNames = (written: string | readonly string[] | undefined): readonly string[] =>
  [written ?? []].flat();

/** `pathOf`: where a file of the plan lies. */
export function lowerHooks(
  input: HooksInput | undefined,
  pathOf: (file: string) => string = (file) => file,
): { readonly hooks?: PlanHooks } {
  if (input === undefined) return {};
  const { sets = {}, env } = input;
  const hooks: PlanHooks = {
    module: pathOf(input.file),
    signatures: input.signatures ?? 'plan',
    beforeJourney: functionNames(input.beforeJourney),
    beforeRequest: functionNames(input.beforeRequest),
    afterResponse: functionNames(input.afterResponse),
    sets: Array.isArray(sets) ? Object.fromEntries(sets.map((name) => [name, null])) : sets,
    limitUs: durationUs(input.timeout ?? DEFAULT_LIMIT),
    ...(env !== undefined && { env }),
    names: input.names ?? {},
  };
  return { hooks };
}
