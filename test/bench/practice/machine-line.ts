import { loadAverage, machine } from '../machine.ts';

/** What stands above every table of figures: when, on which machine, and how busy it was. */
export function measuredOn(command: string): string {
  const { date, system, cpu, cores, node } = machine();
  return `${date}, \`${command}\`: ${system}; ${cores} cores (${cpu}), shared; load average ${loadAverage()}; Node ${node}.`;
}

/** Two digits: more would not come again. */
const twoDigits = (value: number): string => Number(value.toPrecision(2)).toLocaleString('en');

/** How many times the second figure goes into the first. */
export const timesLess = (before: number, after: number): string => (after > 0 ? `${twoDigits(before / after)}×` : '–');
