import type { Comparison } from '../analysis/compare/compare.ts';
import type { Verdict } from '../analysis/verdict.ts';
import { comparisonHeadline } from './comparison.ts';
import { showMeasured } from './figures.ts';
import type { Report } from './report.ts';

/** A remark that a code host shows beside a change. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly text: string;
}

const LEVELS: Readonly<Record<Verdict, Annotation['level'] | undefined>> = {
  pass: undefined,
  warn: 'warning',
  fail: 'error',
  unknown: 'error',
  void: 'error',
};

/** The headline, and one for each phase that is void and each objective that was not met; of a run that passed none. */
export function reportAnnotations(report: Report): readonly Annotation[] {
  const { summary, headline } = report;
  const level = LEVELS[summary.verdict];
  if (level === undefined) return [];
  return [
    { level, title: summary.plan.name, text: headline },
    ...summary.phases.flatMap(({ name, validity, objectives }): Annotation[] => {
      const title = `${summary.plan.name}, ${name}`;
      if (validity.verdict === 'void') return [{ level: 'error', title, text: `void: ${validity.reasons.join('; ')}` }];
      return objectives.flatMap((judged) => {
        const missed = LEVELS[judged.verdict];
        const text = `${judged.verdict}: measured ${showMeasured(report, judged)}, objective ${judged.objective}`;
        return missed === undefined ? [] : [{ level: missed, title, text }];
      });
    }),
  ];
}

/** What is worse is an error, what could not be judged a warning; of the rest there is nothing to say. */
export function comparisonAnnotations(comparison: Comparison): readonly Annotation[] {
  const title = 'compared with the baseline';
  const text = comparisonHeadline(comparison);
  switch (comparison.verdict) {
    case 'worse':
      return [{ level: 'error', title, text }];
    case 'differs':
    case 'unclear':
      return [{ level: 'notice', title, text }];
    case 'better':
    case 'same':
      return [];
  }
}
