import { phaseCount, planUs, type Plan } from '../../plan/plan.ts';
import { formatNumber } from '../../units.ts';

/** The generator's tasks as they are deployed. */
export interface TaskSize {
  readonly workers: number;
  readonly vcpus: number;
  readonly memoryGib: number;
  /** Beside them, for the whole run. */
  readonly collector?: { readonly vcpus: number; readonly memoryGib: number };
}

export interface FargatePrice {
  readonly usdPerVcpuHour: number;
  readonly usdPerGibHour: number;
}

export interface ExpectedCost {
  readonly vcpuHours: number;
  readonly gibHours: number;
  /** Undefined where no price is known. */
  readonly usd: number | undefined;
}

/**
 * Every phase has tasks of its own, and each is paid from the moment its image is fetched: a minute before the load begins, as
 * it mostly is. Source: aws.amazon.com/fargate/pricing, "Pricing details".
 */
const START_US = 60e6;

/** What the tasks of a plan's run cost when every phase runs as planned; nothing else is in it. */
export function expectedCost(plan: Plan, size: TaskSize, price: FargatePrice | undefined): ExpectedCost {
  const us = planUs(plan) + phaseCount(plan) * START_US;
  const taskHours = (size.workers * us) / 3600e6;
  const { vcpus = 0, memoryGib = 0 } = size.collector ?? {};
  const vcpuHours = taskHours * size.vcpus + (us / 3600e6) * vcpus;
  const gibHours = taskHours * size.memoryGib + (us / 3600e6) * memoryGib;
  const usd = price && vcpuHours * price.usdPerVcpuHour + gibHours * price.usdPerGibHour;
  return { vcpuHours, gibHours, usd };
}

/** One line; `priceNote` says whose prices they are. */
export function describeCost({ vcpuHours, gibHours, usd }: ExpectedCost, priceNote: string): string {
  const hours = `${formatNumber(vcpuHours)} vCPU-hours and ${formatNumber(gibHours)} GB-hours of Fargate`;
  return usd === undefined
    ? `${hours}, price unknown (${priceNote})`
    : `${hours}, about $${usd.toFixed(2)} (${priceNote})`;
}
