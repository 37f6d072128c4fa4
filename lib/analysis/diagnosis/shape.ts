import { formatRatio, formatUs } from '../../units.ts';
import type { Client, StepView } from './client.ts';

/** How the trouble looks from outside: whom it hurts and whom it spares. It hints, and proves nothing. */
export interface TroubleShape {
  readonly hurt: readonly StepView[];
  readonly spared: readonly StepView[];
  /** All steps alike, the lightest too: they wait for something that every request needs. */
  readonly uniform: boolean;
  /** Statuses of the gateway kind, by which a service or balancer says that what it called failed. */
  readonly gatewayRatio: number;
  readonly serverErrorRatio: number;
  readonly connectionRatio: number;
}

const FAILING = 0.05;
const SLOWER = 2.5;
const SLOWER_BY_US = 40_000;
/** Fewer say nothing of a step. */
const LEAST_ENDED = 10;

export const badRatio = ({ failedRatio, timedOutRatio }: Pick<StepView, 'failedRatio' | 'timedOutRatio'>): number =>
  failedRatio + timedOutRatio;

function isHurt(step: StepView, fastestUs: number): boolean {
  if (badRatio(step) > FAILING) return true;
  // Slow from the beginning on: against the fastest step, which is as near as it gets to what the way there takes.
  const before = step.calm?.meanUs ?? fastestUs;
  const usual = Math.min(before, Math.max(4 * fastestUs, before / 4));
  return step.meanUs > SLOWER * usual && step.meanUs - usual > SLOWER_BY_US;
}

export function shapeOf({ now, steps }: Client): TroubleShape {
  const known = steps.filter(({ ended }) => ended >= LEAST_ENDED);
  const fastestUs = Math.min(...known.map(({ meanUs }) => meanUs));
  const hurt = known.filter((step) => isHurt(step, fastestUs));
  // Where none stands out all are alike.
  const spared = hurt.length === 0 ? [] : known.filter((step) => !hurt.includes(step));
  const kinds = (test: RegExp): number =>
    [...now.failures].reduce((sum, [kind, share]) => sum + (test.test(kind) ? share : 0), 0);
  return {
    hurt,
    spared,
    uniform: known.length > 1 && hurt.length > 0 && spared.length === 0,
    gatewayRatio: kinds(/^status\.(?:502|503|504)$/),
    serverErrorRatio: kinds(/^status\.5\d\d$/),
    connectionRatio: kinds(/^(?:refused|reset|closed|unreachable)$/),
  };
}

export const namesOf = (steps: readonly StepView[]): string => steps.map(({ name }) => name).join(', ');

/** Whom it hurts and whom it spares, in words. */
export function describeShape({ hurt, spared }: TroubleShape): string {
  const shown = hurt
    .slice(0, 3)
    .map(
      (step) =>
        `${step.name} (${badRatio(step) > FAILING ? `${formatRatio(badRatio(step))} failed` : `mean ${formatUs(step.meanUs)}`})`,
    )
    .join(', ');
  return spared.length === 0
    ? `every step is slow or fails: ${shown}`
    : `slow or failing: ${shown}; others as before: ${namesOf(spared.slice(0, 4))}`;
}
