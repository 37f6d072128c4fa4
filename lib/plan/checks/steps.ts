import parsePath from 'jsonpath-rfc9535/parser';
import { parseDurationUs } from '../../units.ts';
import { asRecord, entriesOf, asText, type Draft, type Placed } from '../draft.ts';
import { requestOf, stepsOfPlan } from '../draft-steps.ts';
import { STATUS } from '../capture.ts';
import { isGeneratorsOwn, isFieldName } from '../steps/header-names.ts';
import { bodies } from '../steps/methods.ts';
import { quote, type Path, type Problem } from '../../document/problems.ts';

/** RFC 9110 §5.5: visible characters, blanks and tabs; above ASCII any bytes, which are sent as UTF-8. */
const VALUE = /^[\t\x20-\x7e\u0080-\ud7ff\ue000-\u{10ffff}]*$/u;

/** What HTTP forbids in headers, and bodies where a method has none. */
export function checkHeaders(draft: Draft): Problem[] {
  return [
    ...sentHeaders({ path: [], value: draft }),
    ...[sentHeaders, readHeaders, bodyProblems, typeOfMultipart].flatMap((check) => stepsOfPlan(draft).flatMap(check)),
  ];
}

function sentHeaders(parent: Placed<Draft>): Problem[] {
  const spelled = new Map<string, string>();
  return entriesOf(parent, 'headers').flatMap(({ key, path, value }) => {
    const other = spelled.get(key.toLowerCase());
    // Names are the same in any case (RFC 9110 §5.1), and of two values one would be lost.
    if (other !== undefined)
      return [
        { path, onKey: true, text: `${key} is ${other} again; write one of them, with a list to send both values` },
      ];
    spelled.set(key.toLowerCase(), key);
    const name = nameProblems(path, key);
    if (name.length > 0) return name;
    if (isGeneratorsOwn(key)) return [{ path, onKey: true, text: `${key} is set by the generator itself; remove it` }];
    if (key.toLowerCase() === 'host' && Array.isArray(value))
      return [{ path, text: 'is a list, and a request has one Host; write one' }];
    return Array.isArray(value)
      ? value.flatMap((each, i) => valueProblems([...path, i], each))
      : valueProblems(path, value);
  });
}

function valueProblems(path: Path, value: unknown): Problem[] {
  if (/^[\t ]|[\t ]$/.test(String(value)))
    return [{ path, text: `${quote(value)} begins or ends with a blank, which receivers drop; leave it out` }];
  return VALUE.test(String(value)) ? [] : [{ path, text: `${quote(value)} holds a character that no header may` }];
}

/** Headers that a step looks at in the reply. */
function readHeaders(step: Placed<Draft>): Problem[] {
  return [
    ...entriesOf(step, 'expect', 'header').flatMap(({ path, key }) => nameProblems(path, key)),
    ...entriesOf(step, 'capture').flatMap(({ path, value }) => {
      const header =
        typeof value === 'object' && value !== null && 'header' in value ? asText(value.header) : undefined;
      const isName = header === undefined || isFieldName(header);
      return isName ? [] : [{ path: [...path, 'header'], text: `${quote(header)} is no header name` }];
    }),
  ];
}

const nameProblems = (path: Path, name: string): Problem[] =>
  isFieldName(name) ? [] : [{ path, onKey: true, text: `${quote(name)} is no header name; use letters, digits and -` }];

/** RFC 9110 §9.3.2: a body has no meaning there. That of a GET has none either (§9.3.1), yet there are services that read it. */
function bodyProblems({ path, value }: Placed<Draft>): Problem[] {
  const { method } = requestOf(value) ?? {};
  if (method !== 'head') return [];
  return bodies
    .filter((key) => key in value)
    .map((key) => ({
      path: [...path, key],
      onKey: true,
      text: `${method} sends no body, and servers may reset the connection; write post, put or patch, or use query`,
    }));
}

/** Its type has a boundary, which the generator alone knows. */
function typeOfMultipart(step: Placed<Draft>): Problem[] {
  if (step.value['multipart'] === undefined) return [];
  return entriesOf(step, 'headers')
    .filter(({ key }) => key.toLowerCase() === 'content-type')
    .map(({ path, key }) => ({ path, onKey: true, text: `${key} is set by multipart, with its boundary; remove it` }));
}

/** JSONPaths (RFC 9535) in captures and expectations. */
export const checkJsonPaths = (draft: Draft): Problem[] =>
  [capturePaths, expectedPaths].flatMap((check) => stepsOfPlan(draft).flatMap(check));

function capturePaths(step: Placed<Draft>): Problem[] {
  return entriesOf(step, 'capture').flatMap(({ path, value }) => {
    const whole = asText(value);
    const written = whole ?? asText(asRecord(value)['json']);
    return written === undefined || whole === STATUS
      ? []
      : pathProblems(whole === undefined ? [...path, 'json'] : path, written, false);
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
  if (/\d{16}/.test(written.replaceAll(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"/g, '')))
    return 'it compares with a number of more digits than are compared exactly, which are 15';
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

/** Node's timers end at 2^31 − 1 ms (24.8 days) and fire at once beyond it. */
const LONGEST_US = 24 * 24 * 3600e6;

/** Time-outs of no time, and pauses that are upside down or longer than a timer can wait. */
export function checkDurations(draft: Draft): Problem[] {
  const steps = stepsOfPlan(draft);
  return [
    ...timeout(['timeout'], draft['timeout']),
    ...steps.flatMap(({ path, value }) => timeout([...path, 'timeout'], value['timeout'])),
    ...steps.flatMap(({ path, value }) => pause([...path, 'pause'], value['pause'])),
  ];
}

const usOf = (value: unknown): number | undefined => {
  const written = asText(value);
  return written === undefined ? undefined : parseDurationUs(written);
};

function timeout(path: Path, value: unknown): Problem[] {
  if (usOf(value) === 0) return [{ path, text: `${quote(value)} leaves a request no time; write 10s, say` }];
  return tooLong(path, value);
}

function pause(path: Path, value: unknown): Problem[] {
  const { min, max, mean } = asRecord(value);
  const [minUs, maxUs] = [usOf(min), usOf(max)];
  const upsideDown = minUs !== undefined && maxUs !== undefined && minUs > maxUs;
  return [
    ...(upsideDown ? [{ path, text: `min ${quote(min)} is more than max ${quote(max)}; swap them` }] : []),
    ...tooLong(path, value),
    ...tooLong([...path, 'max'], max),
    ...tooLong([...path, 'mean'], mean),
  ];
}

const tooLong = (path: Path, value: unknown): Problem[] =>
  (usOf(value) ?? 0) > LONGEST_US
    ? [{ path, text: `${quote(value)} is longer than a timer can wait; 576h is the most` }]
    : [];
