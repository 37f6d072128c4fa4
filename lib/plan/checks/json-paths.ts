import parsePath from 'jsonpath-rfc9535/parser';
import { entriesOf, asRecord, text, type Draft, type Placed } from '../draft.ts';
import { stepsOfPlan } from '../draft-steps.ts';
import { quote, type Path, type Problem } from '../../document/problems.ts';

/** JSONPaths (RFC 9535) in captures and expectations. */
export const checkJsonPaths = (draft: Draft): Problem[] =>
  [capturePaths, expectedPaths].flatMap((check) => stepsOfPlan(draft).flatMap(check));

function capturePaths(step: Placed<Draft>): Problem[] {
  return entriesOf(step, 'capture').flatMap(({ path, value }) => {
    const whole = text(value);
    const written = whole ?? text(asRecord(value)['json']);
    return written === undefined ? [] : pathProblems(whole === undefined ? [...path, 'json'] : path, written, false);
  });
}

const expectedPaths = (step: Placed<Draft>): Problem[] =>
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

/** Where the parser (peggy) stopped; its own message lists ranges of letters, which is no help. */
function columnOf(error: unknown): number {
  const location = asRecord(asRecord(error)['location']);
  return Number(asRecord(location['start'])['column'] ?? 1);
}
