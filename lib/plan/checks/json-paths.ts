import parsePath from 'jsonpath-rfc9535/parser';
import { entriesOf, record, text, type Draft, type Found } from '../draft.ts';
import { stepsOfPlan } from '../draft-steps.ts';
import { quote, type Path, type Problem } from '../../document/problems.ts';

/** JSONPaths (RFC 9535) in captures and expectations. */
export const checkJsonPaths = (draft: Draft): Problem[] =>
  [capturePaths, expectedPaths].flatMap((check) => stepsOfPlan(draft).flatMap(check));

function capturePaths(step: Found<Draft>): Problem[] {
  return entriesOf(step, 'capture').flatMap(({ path, value }) => {
    const whole = text(value);
    const written = whole ?? text(record(value)['json']);
    return written === undefined ? [] : pathProblems(whole === undefined ? [...path, 'json'] : path, written, false);
  });
}

const expectedPaths = (step: Found<Draft>): Problem[] =>
  entriesOf(step, 'expect', 'body', 'json').flatMap(({ path, key }) => pathProblems(path, key, true));

function pathProblems(path: Path, written: string, onKey: boolean): Problem[] {
  const reason = notJsonPath(written);
  return reason === undefined ? [] : [{ path, onKey, text: `${quote(written)} is no JSONPath; ${reason}` }];
}

function notJsonPath(written: string): string | undefined {
  if (!written.startsWith('$')) return `write $.${written.replace(/^\./, '')}, beginning with $`;
  try {
    parsePath(written);
    return undefined;
  } catch (error) {
    return `it goes wrong at character ${columnOf(error)}`;
  }
}

/** Where the parser (peggy) stopped; its own message lists ranges of letters that help nobody. */
function columnOf(error: unknown): number {
  const location = record(record(error)['location']);
  return Number(record(location['start'])['column'] ?? 1);
}
