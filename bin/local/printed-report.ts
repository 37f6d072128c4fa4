import { styleText } from 'node:util';
import { readReportAssets } from '../../lib/adapters/node/report-assets.ts';
import { REPORT_FILE } from '../../lib/adapters/node/run-folder.ts';
import { renderersWith } from '../../lib/report/formats/index.ts';
import { textSummary } from '../../lib/report/formats/text.ts';
import type { Report } from '../../lib/report/report.ts';
import { printResult } from '../terminal.ts';

/** A report in every format, by file name. */
export function renderReport(report: Report): Map<string, string> {
  const files = new Map([[REPORT_FILE, JSON.stringify(report)]]);
  for (const { fileName, render: toText } of renderersWith(readReportAssets())) files.set(fileName, toText(report));
  return files;
}

const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
  styleText(style, text, { stream: process.stdout });

/** The summary on standard output, for people or as JSON. */
export function printReport(report: Report, json: boolean): void {
  printResult(json ? JSON.stringify(report.summary, null, 2) : `\n${textSummary(report, paint)}`);
}
