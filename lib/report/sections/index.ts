import type { Report } from '../report.ts';
import { bottleneck } from './bottleneck.ts';
import { configuration } from './configuration.ts';
import { course } from './course.ts';
import { doubts } from './doubts.ts';
import { failures } from './failures.ts';
import { keyFigures } from './key-figures.ts';
import { nextSteps } from './next-steps.ts';
import { objectives } from './objectives.ts';
import { phases } from './phases.ts';
import { recommendations } from './recommendations.ts';
import type { Section, SectionOf } from './section.ts';
import { statements } from './statements.ts';
import { steps } from './steps.ts';
import { terms } from './terms.ts';

/** The sections of a report in reading order, the same in every format: figures, what they mean, what to do, the details. */
const SECTIONS: readonly SectionOf[] = [
  keyFigures,
  doubts,
  phases,
  objectives,
  course,
  bottleneck,
  failures,
  recommendations,
  nextSteps,
  steps,
  statements,
  configuration,
  terms,
];

export const sectionsOf = (report: Report): readonly Section[] =>
  SECTIONS.map((section) => section(report)).filter((section) => section !== undefined);
