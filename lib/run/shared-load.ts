import { PlimsollError } from '../errors.ts';
import { isSearch, type Plan } from '../plan/plan.ts';
import { listed } from '../units.ts';

/**
 * Refuses what workers can't do that are processes of their own and meet in a store: no one sees their seconds together while a phase goes on, since
 * each stores them in chunks.
 *
 * @throws PlimsollError E-PLAN-HOOKS, E-PLAN-ABORT
 */
export function refuseUnshared(plan: Plan): void {
  const { phases, hooks, capacity } = plan;
  // The module lies on the author's machine, and would run with the rights of the task.
  if (hooks !== undefined)
    throw new PlimsollError(
      'E-PLAN-HOOKS',
      'the plan has hooks, which are code that workers in processes of their own do not run',
    );
  const watched = isSearch(plan) ? [{ name: 'the search', abortOn: capacity?.abortOn ?? [] }] : phases;
  const named = watched.filter(({ abortOn = [] }) => abortOn.length > 0).map(({ name }) => name);
  if (named.length === 0) return;
  throw new PlimsollError(
    'E-PLAN-ABORT',
    `abortOn of ${listed(named, 'and')} is nothing that workers in processes of their own can watch for`,
  );
}

/** Objectives on signals that are not read, each once, as written. */
export function unreadObjectives({ phases, capacity }: Plan, isRead: (signal: string) => boolean): string[] {
  const objectives = [...phases.flatMap((phase) => phase.objectives), ...(capacity?.objectives ?? [])];
  const unread = objectives.filter(({ metric }) => metric.of === 'signal' && !isRead(metric.id));
  return [...new Set(unread.map(({ text }) => text))];
}
