/** What a plan in TypeScript and a reader of results need. */
import type { PlanCode } from '../../lib/plan/steps/hook-types.ts';
import type { PlanInput } from '../../lib/plan/schema.ts';

export type { Summary } from '../../lib/report/summary.ts';
export type { HookContext, HookRequest, HookResponse } from '../../lib/plan/steps/hook-types.ts';
export type { PlanInput };

/** A plan as a module writes it: with functions for its hooks. */
export type PlanModule = Omit<PlanInput, 'hooks'> & { readonly hooks?: PlanCode };

/**
 * The plan as it is, with its types: the default export of a module that `plimsoll run` is given. Durations are texts such as `30s`,
 * rates are per second; docs/plan.md has every key. What no type can say is checked when it is loaded, by the checks of a plan in YAML
 * (E-PLAN-INVALID).
 * @example
 * export default definePlan({
 *   name: 'home',
 *   target: 'http://127.0.0.1:8080',
 *   scenarios: [{ name: 'front page', steps: [{ get: '/' }] }],
 *   phases: [{ name: 'arrivals', kind: 'sustained', duration: '30s', open: { rate: 200 } }],
 * });
 */
export const definePlan = (plan: PlanModule): PlanModule => plan;
