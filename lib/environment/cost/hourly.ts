import type { ServiceConfiguration } from '../environment.ts';
import type { PriceTable } from './prices.ts';

/** USD an hour of one Fargate task, on demand; undefined in a region that the table is not of. */
export function usdPerTaskHour(
  { cpu, memoryMiB, architecture }: Pick<ServiceConfiguration, 'cpu' | 'memoryMiB' | 'architecture'>,
  region: string,
  prices: PriceTable,
): number | undefined {
  if (region !== prices.region) return undefined;
  const { usdPerVcpuHour, usdPerGibHour } = prices.fargate[architecture];
  return (cpu / 1024) * usdPerVcpuHour + (memoryMiB / 1024) * usdPerGibHour;
}

const DISK_GIB = 30;
const HOURS_A_MONTH = 730;

/** USD an hour of one machine with its disk, on demand; undefined where its price is not known. */
export function usdPerMachineHour(type: string, region: string, prices: PriceTable): number | undefined {
  const machine = region === prices.region ? prices.ec2[type] : undefined;
  return machine && machine.usdPerHour + (DISK_GIB * prices.usdPerMonth.diskGib) / HOURS_A_MONTH;
}
