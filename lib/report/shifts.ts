import { MISSING, showPerSecond, showRatio, showUs, showUsd, type Figure } from './numbers.ts';

/** `+4.1 %`; where shifts are differences, as of the error ratio, in points of a percent, which are no share of anything. */
export function showShare(scale: 'ratio' | 'difference', value: number | null): string {
  if (value === null) return MISSING;
  const percent = 100 * value;
  // Beyond that it says that nothing could be seen.
  if (percent > 999.5) return '> 999 %';
  const digits = Math.abs(percent) < 10 ? 2 - Number(scale === 'ratio') : 0;
  const sign = percent > 0 ? '+' : percent < 0 ? '−' : '';
  return `${sign}${Math.abs(percent).toFixed(digits)} ${scale === 'ratio' ? '%' : 'pp'}`;
}

/** A figure of a comparison or a history, by its name, in its unit. */
export function showFigure(figure: string, value: Figure): string {
  if (figure === 'errorRatio') return showRatio(value);
  if (figure === 'costPerMillion') return showUsd(value);
  return figure === 'throughput' || figure === 'capacity' ? showPerSecond(value) : showUs(value);
}
