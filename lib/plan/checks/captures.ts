import { isRegex } from '../steps/schemas/capture.ts';
import { asRecord, asText, entriesOf, type Draft } from '../draft.ts';
import { stepsOfPlan } from '../draft-steps.ts';
import { quote, type Problem } from '../../document/problems.ts';

/** Captures by a pattern that has no such group: every reply would fail. */
export const checkCaptureGroups = (draft: Draft): Problem[] =>
  stepsOfPlan(draft)
    .flatMap((step) => entriesOf(step, 'capture'))
    .flatMap(({ path, value }) => {
      const { regex, group = 1 } = asRecord(value);
      const pattern = asText(regex);
      if (pattern === undefined || !isRegex(pattern) || typeof group !== 'number') return [];
      const groups = groupsOf(pattern);
      if (group <= groups) return [];
      const remedy =
        groups === 0 ? 'put ( ) round what to capture, or write group: 0 for all of it' : `${groups} is the last`;
      return [{ path: [...path, 'regex'], text: `${quote(pattern)} has no group ${group}; ${remedy}` }];
    });

/** A pattern that may also be nothing matches the empty text, and the match has a place for every group. */
const groupsOf = (pattern: string): number => (new RegExp(`${pattern}|`, 'u').exec('')?.length ?? 1) - 1;
