import type { Verdict } from '../../analysis/verdict.ts';
import { bottleneckName, failureCounts, keyFigures, showMeasured } from '../figures.ts';
import { oneLine, showCount, showPerSecond, showRatio, showSeconds, showTime, showUs } from '../numbers.ts';
import type { Report } from '../report.ts';
import type { PhaseSummary, StepSummary } from '../summary.ts';

const MARKS: Readonly<Record<Verdict, string>> = {
  pass: '✅ pass',
  warn: '⚠️ warn',
  fail: '❌ fail',
  unknown: '❔ unknown',
  void: '🚫 void',
};

/** `report.md`, for a pull request's comment or a step summary: GitHub's Markdown, the headline first. */
export function renderMarkdown(report: Report): string {
  const parts = [heading(report), figures(report), doubts(report), phases(report), objectives(report)];
  const findings = [bottleneck(report), failures(report), recommendations(report), nextSteps(report)];
  const details = [steps(report), statements(report), configuration(report)];
  return `${[...parts, ...findings, ...details].filter((part) => part !== '').join('\n\n')}\n`;
}

function heading({ summary, headline }: Report): string {
  const partial = summary.partial === true ? ' (partial run)' : '';
  const when = `${code(summary.plan.name)} against ${code(summary.target)}, ${escape(showTime(summary.run.startedAt))}`;
  return `## ${MARKS[summary.verdict]}${partial}: ${escape(headline)}\n\n${when}`;
}

const figures = (report: Report): string =>
  table(
    ['Figure', '>Value', 'Where'],
    keyFigures(report).map(({ label, value, note }) => [label, `**${value}**`, escape(note)]),
  );

const doubts = (report: Report): string => section('Doubts', bullets(report.doubts.map(escape)));

const PHASE_HEADER = [
  'Phase',
  'Load',
  'Verdict',
  '>p50',
  '>p95',
  '>p99',
  '>p99 service',
  '>Errors',
  '>Carried (requests)',
  '>Start delay p99',
];

function phases({ summary }: Report): string {
  if (summary.phases.length === 0) return section('Phases', 'No phase ran.');
  return section('Phases', table(PHASE_HEADER, summary.phases.map(phaseRow)));
}

function phaseRow(phase: PhaseSummary): readonly string[] {
  const { responseTimeUs: response, serviceTimeUs: service, startDelayUs: delay } = phase;
  return [
    `${escape(phase.name)} (${showSeconds(phase.durationSeconds)})`,
    escape(phase.load),
    MARKS[phase.verdict],
    showUs(response.p50),
    showUs(response.p95),
    showUs(response.p99),
    showUs(service.p99),
    showRatio(phase.errorRatio),
    showPerSecond(phase.throughputPerSecond),
    showUs(delay.p99),
  ];
}

function objectives(report: Report): string {
  const rows = report.summary.phases.flatMap((phase) =>
    phase.objectives.map((judged) => [
      escape(phase.name),
      code(judged.objective),
      showMeasured(report, judged),
      MARKS[judged.verdict],
    ]),
  );
  return rows.length === 0 ? '' : section('Objectives', table(['Phase', 'Objective', '>Measured', 'Verdict'], rows));
}

function bottleneck({ summary }: Report): string {
  if (summary.bottleneck === undefined) return '';
  const { confidence, evidence, remedy } = summary.bottleneck;
  const lead = `**${escape(bottleneckName(summary.bottleneck))}** (${confidence} confidence)`;
  const remedyLine = remedy === '' ? '' : `**Remedy:** ${escape(remedy)}`;
  return section('What gives way first', blocks([lead, bullets(evidence.map(escape)), remedyLine]));
}

function failures({ summary }: Report): string {
  const rows = failureCounts(summary).map(({ kind, meaning, count, byPhase }) => [
    code(kind),
    showCount(count),
    byPhase.map(([phase, own]) => `${escape(phase)}: ${showCount(own)}`).join(', '),
    meaning,
  ]);
  return rows.length === 0 ? '' : section('Failures', table(['Kind', '>Requests', 'Phases', 'Meaning'], rows));
}

const recommendations = (report: Report): string =>
  section(
    'Recommendations',
    bullets(report.recommendations.map(({ text, because }) => `${escape(text)} *Why:* ${escape(because)}`)),
  );

const nextSteps = (report: Report): string => section('Next steps', bullets(report.nextSteps.map(escape)));

const STEP_HEADER = [
  'Phase',
  'Scenario',
  'Step',
  '>Sent (requests)',
  '>Errors (requests)',
  '>p50',
  '>p95',
  '>p99',
  '>p99 service',
];

function steps({ summary }: Report): string {
  const rows = summary.phases.flatMap((phase) =>
    phase.scenarios.flatMap(({ name, steps: own }) =>
      own.map((step) => [escape(phase.name), escape(name), ...stepCells(step)]),
    ),
  );
  return rows.length === 0 ? '' : folded('Scenarios and steps', table(STEP_HEADER, rows));
}

const stepCells = ({ name, ledger, responseTimeUs, serviceTimeUs }: StepSummary): readonly string[] => [
  code(name),
  showCount(ledger.sent),
  showCount(ledger.failed + ledger.timedOut),
  showUs(responseTimeUs.p50),
  showUs(responseTimeUs.p95),
  showUs(responseTimeUs.p99),
  showUs(serviceTimeUs.p99),
];

function statements(report: Report): string {
  const rows = report.statements.map(({ text, calls, meanUs, totalUs }) => [
    code(text),
    showCount(calls),
    showUs(meanUs),
    showUs(totalUs),
  ]);
  const header = ['Statement', '>Calls (count)', '>Mean', '>Total'];
  return rows.length === 0 ? '' : folded('Slowest statements', table(header, rows));
}

const configuration = ({ configuration: entries }: Report): string =>
  entries.length === 0
    ? ''
    : folded(
        'Configuration',
        table(
          ['Setting', 'Value'],
          entries.map((pair) => pair.map(escape)),
        ),
      );

const blocks = (parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n');

const section = (title: string, body: string): string => (body === '' ? '' : `### ${title}\n\n${body}`);

const folded = (title: string, body: string): string => `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;

const bullets = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** A header that begins with `>` is of a column of numbers, aligned to the right. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const names = header.map((name) => name.replace(/^>/, ''));
  return [line(names), line(header.map((name) => (name.startsWith('>') ? '--:' : '---'))), ...rows.map(line)].join(
    '\n',
  );
}

/** Text as it is, whatever it holds: no markup, no HTML, no table cell's end, and nobody mentioned by accident. */
const escape = (text: string): string =>
  oneLine(text)
    .replaceAll(/[\\`*_[\]|~#]/g, String.raw`\$&`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '@<!-- -->');

/** In a code span nothing but backticks and, in a table, pipes needs care (GFM, 4.10 and 6.1). */
function code(text: string): string {
  const plain = oneLine(text).replaceAll('|', String.raw`\|`);
  const fence = '`'.repeat(Math.max(0, ...[...plain.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  const pad = plain.startsWith('`') || plain.endsWith('`') || plain.trim() === '' ? ' ' : '';
  return `${fence}${pad}${plain}${pad}${fence}`;
}
