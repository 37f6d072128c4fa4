import { TargetFailure } from './failure.ts';

/** An environment variable as text; empty counts as unset. */
export function textFrom(name: string, otherwise: string): string {
  const text = process.env[name];
  return text === undefined || text === '' ? otherwise : text;
}

/** An environment variable that must be there. @throws TargetFailure E-TARGET-ENVIRONMENT */
export function requiredFrom(name: string): string {
  const text = textFrom(name, '');
  if (text === '') throw new TargetFailure('E-TARGET-ENVIRONMENT', `${name} is not set`);
  return text;
}

/** An environment variable as a number within bounds. @throws TargetFailure E-TARGET-ENVIRONMENT */
export function numberFrom(name: string, otherwise: number, bounds: { least: number; most: number }): number {
  const value = Number(textFrom(name, String(otherwise)));
  if (value >= bounds.least && value <= bounds.most) return value;
  throw new TargetFailure('E-TARGET-ENVIRONMENT', `${name} must be a number from ${bounds.least} to ${bounds.most}`);
}

/** Whether the lab has started this process (PLIMSOLL_LAB): only then are its faults loaded at all. */
export const isLab = (): boolean => textFrom('PLIMSOLL_LAB', '') !== '';
