import { showMeasured } from '../figures.ts';
import { oneLine } from '../numbers.ts';
import type { Report } from '../report.ts';
import { watchedVerdicts } from '../watched-words.ts';
import type { JudgedObjective, PhaseFindings } from '../../analysis/phase.ts';

type Outcome = 'passed' | 'failure' | 'skipped';

interface Case {
  readonly name: string;
  readonly outcome: Outcome;
  readonly message: string;
}

interface Suite {
  readonly name: string;
  readonly seconds: number;
  readonly startedAt: string;
  readonly cases: readonly Case[];
}

/** A missed target within its warn band passes, and says so; a void phase proves nothing, so its objectives are skipped. */
const OUTCOMES = { pass: 'passed', warn: 'passed', fail: 'failure', unknown: 'skipped', void: 'skipped' } as const;

/**
 * `junit.xml`: a suite for the run (was it complete?) and one for each phase, in which validity and each objective are a
 * case. A phase without objectives shows as skipped, a run without phases fails: no evidence is never success.
 */
export function renderJunit(report: Report): string {
  const suites = [runSuite(report), ...report.summary.phases.map((phase) => phaseSuite(report, phase))];
  const total = suites.flatMap((suite) => suite.cases);
  const head = `<testsuites name="${attribute(report.summary.plan.name)}" ${counts(total)}>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${suites.map(suiteXml).join('')}</testsuites>\n`;
}

function runSuite({ summary }: Report): Suite {
  const ran = summary.phases.length > 0;
  const message = ran ? 'The run broke off; later phases are missing.' : 'No phase ran, so nothing was measured.';
  const complete = ran && summary.partial !== true;
  return {
    name: 'run',
    seconds: Math.max(0, (Date.parse(summary.run.endedAt) - Date.parse(summary.run.startedAt)) / 1000) || 0,
    startedAt: summary.run.startedAt,
    cases: [
      { name: 'complete', outcome: complete ? 'passed' : 'failure', message: complete ? '' : message },
      ...watchedVerdicts(summary).map(({ name, verdict, text }) => ({
        name,
        outcome: OUTCOMES[verdict],
        message: verdict === 'pass' ? '' : `${verdict}: ${text}`,
      })),
    ],
  };
}

function phaseSuite(report: Report, phase: PhaseFindings): Suite {
  const isVoid = phase.validity.verdict === 'void';
  const validity: Case = {
    name: 'validity',
    outcome: isVoid ? 'failure' : 'passed',
    message: isVoid ? `void: ${phase.validity.reasons.join('; ')}` : '',
  };
  const none: Case = { name: 'objectives', outcome: 'skipped', message: 'The phase has no objectives.' };
  const judged = phase.objectives.map((each) => objectiveCase(report, each));
  return {
    name: phase.name,
    seconds: phase.durationSeconds,
    startedAt: phase.startedAt,
    cases: [validity, ...(judged.length === 0 ? [none] : judged)],
  };
}

function objectiveCase(report: Report, judged: JudgedObjective): Case {
  const outcome = OUTCOMES[judged.verdict];
  const measured = `${judged.verdict}: measured ${showMeasured(report, judged)}, objective ${judged.objective}`;
  const message = judged.verdict === 'unknown' ? `unknown: nothing was measured for ${judged.objective}` : measured;
  return { name: judged.objective, outcome, message };
}

function suiteXml({ name, seconds, startedAt, cases }: Suite): string {
  const head = `<testsuite name="${attribute(name)}" ${counts(cases)} time="${seconds.toFixed(3)}" timestamp="${attribute(startedAt)}">`;
  return `  ${head}\n${cases.map((each) => caseXml(name, each)).join('')}  </testsuite>\n`;
}

function caseXml(suite: string, { name, outcome, message }: Case): string {
  const head = `<testcase classname="${attribute(suite)}" name="${attribute(name)}"`;
  if (message === '') return `    ${head}/>\n`;
  const text = attribute(message);
  const body = outcome === 'passed' ? `<system-out>${text}</system-out>` : `<${outcome} message="${text}"/>`;
  return `    ${head}>${body}</testcase>\n`;
}

function counts(cases: readonly Case[]): string {
  const of = (outcome: Outcome): number => cases.filter((each) => each.outcome === outcome).length;
  return `tests="${cases.length}" failures="${of('failure')}" errors="0" skipped="${of('skipped')}"`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const attribute = (text: string): string => oneLine(text).replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? '');
