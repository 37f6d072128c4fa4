import type { Report } from '../report.ts';
import { configurationSection, statementsSection, termsSection } from './appendix.ts';
import { courseSection } from './course.ts';
import { examplesSection, logsSection } from './examples.ts';
import { findingSections, keyFiguresSection } from './findings.ts';
import { improvementSection } from './improvement.ts';
import { besideSection, importedSection } from './imported.ts';
import { objectivesSection, phasesSection } from './phases.ts';
import { failuresSection, frequentFailuresSection, stepsSection } from './requests.ts';
import type { Section, SectionOf } from './section.ts';
import { doubtsSection, nextStepsSection, recommendationsSection } from './words.ts';

/** A search is about one figure, and a run that broke about what gave way. */
const { readiness, capacity: leading, bottleneck: cause, ...findings } = findingSections;

/** The sections of a report in reading order, the same in every format: figures, what they mean, what to do, the details. */
const SECTIONS: readonly SectionOf[] = [
  keyFiguresSection,
  readiness,
  leading,
  cause,
  importedSection,
  doubtsSection,
  phasesSection,
  frequentFailuresSection,
  objectivesSection,
  courseSection,
  ...Object.values(findings),
  failuresSection,
  examplesSection,
  logsSection,
  recommendationsSection,
  nextStepsSection,
  improvementSection,
  stepsSection,
  besideSection,
  statementsSection,
  configurationSection,
  termsSection,
];

export const sectionsOf = (report: Report): readonly Section[] =>
  SECTIONS.map((section) => section(report)).filter((section) => section !== undefined);
