import type { Report } from '../report.ts';

/** `summary.json`: what other programs read, CI and comparison first among them. */
export const renderJson = (report: Report): string => `${JSON.stringify(report.summary, null, 2)}\n`;
