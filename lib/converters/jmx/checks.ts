import parsePath from 'jsonpath-rfc9535/parser';
import { isRegex } from '../../plan/steps/schemas/capture.ts';
import type { HttpInput } from '../../plan/steps/schemas/request.ts';
import { escapedRegex } from '../building/body.ts';
import { variableNameOf } from '../building/names.ts';
import type { Notes } from '../building/notes.ts';
import { type CaptureInput, type Captures, defaultOf, matchOf } from './capture-options.ts';
import { htmlSource, xpathSource } from './markup.ts';
import type { JmeterTexts } from './texts.ts';
import type { TestElement } from './tree.ts';

/** Kinds of elements that set a variable from a reply, with the property that names it. */
export const EXTRACTORS: Readonly<Record<string, string>> = {
  RegexExtractor: 'RegexExtractor.refname',
  BoundaryExtractor: 'BoundaryExtractor.refname',
  JSONPostProcessor: 'JSONPostProcessor.referenceNames',
  JMESPathExtractor: 'JMESExtractor.referenceName',
  HtmlExtractor: 'HtmlExtractor.refname',
  XPathExtractor: 'XPathExtractor.refname',
  XPath2Extractor: 'XPathExtractor2.refname',
  JSONPathExtractor: 'VAR',
};

export const namesOfExtractor = ({ kind, node }: TestElement): string[] =>
  node
    .value(EXTRACTORS[kind] ?? '')
    .split(';')
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** What an extractor captures, by the plan's names; what a plan can't do is said. */
function capturesOfExtractor(element: TestElement, texts: JmeterTexts, notes: Notes): Captures {
  const found = Object.entries(sourcesOf(element, texts)).flatMap(([name, source]): [string, CaptureInput][] => {
    if (source !== undefined) return [[variableNameOf(name), source]];
    notes.leftOut(element.line, `the extractor ${element.name} of ${name}`);
    return [];
  });
  return Object.fromEntries(found);
}

function sourcesOf(element: TestElement, texts: JmeterTexts): Record<string, CaptureInput | undefined> {
  const { kind, node } = element;
  const [name = ''] = namesOfExtractor(element);
  if (name === '') return {};
  const value = (key: string): string => texts.constant(node.value(key)) ?? node.value(key);
  if (kind === 'RegexExtractor') return { [name]: regexSource(element, value) };
  if (kind === 'BoundaryExtractor')
    return {
      [name]: {
        regex: `${escapedRegex(value('BoundaryExtractor.lboundary'))}([\\s\\S]*?)${escapedRegex(value('BoundaryExtractor.rboundary'))}`,
        ...matchOf(value('BoundaryExtractor.match_number')),
        ...defaultOf(value('BoundaryExtractor.default')),
      },
    };
  if (kind === 'JSONPostProcessor') return jsonSources(element, value);
  if (kind === 'JSONPathExtractor') return { [name]: jsonSource(value('JSONPATH'), '1', value('DEFAULT')) };
  if (kind === 'HtmlExtractor') return { [name]: htmlSource(value) };
  if (kind === 'XPathExtractor') return { [name]: xpathSource(value, 'XPathExtractor') };
  if (kind === 'XPath2Extractor') return { [name]: xpathSource(value, 'XPathExtractor2') };
  return { [name]: undefined };
}

function regexSource({ node }: TestElement, value: (key: string) => string): CaptureInput | undefined {
  const group = /^\$(\d+)\$$/.exec(value('RegexExtractor.template').trim())?.[1] ?? '1';
  const written = value('RegexExtractor.regex');
  const place = node.value('RegexExtractor.useHeaders');
  const header = /^\(?\^?([\w-]+):\s*\(/.exec(written)?.[1];
  if (place === 'true')
    return header === undefined
      ? undefined
      : { header: header.toLowerCase(), ...defaultOf(value('RegexExtractor.default')) };
  if (place === 'code') return 'status';
  const regex = javaRegex(written);
  if (regex === undefined) return undefined;
  const groups = (new RegExp(`${regex}|`, 'u').exec('')?.length ?? 1) - 1;
  const number = Math.min(Number(group), groups);
  return {
    regex,
    ...(number !== 1 && { group: number }),
    ...matchOf(value('RegexExtractor.match_number')),
    ...defaultOf(value('RegexExtractor.default')),
  };
}

/** A Java pattern in JavaScript's letters; undefined where it is none there. */
function javaRegex(written: string): string | undefined {
  const [, flags = '', rest = ''] = /^(?:\(\?([ims]+)\))?(.*)$/s.exec(written) ?? [];
  const plain = rest
    .replaceAll(/\\([^A-Za-z\d])/g, (whole, letter: string) => ('^$\\.*+?()[]{}|/-'.includes(letter) ? whole : letter))
    .replaceAll(/(?<!\\)\\-(?![^[]*\])/g, '-');
  const regex = flags === '' ? plain : `(?${flags}:${plain})`;
  return regex !== '' && isRegex(regex) ? regex : undefined;
}

function jsonSources(element: TestElement, value: (key: string) => string): Record<string, CaptureInput | undefined> {
  const list = (key: string): string[] =>
    value(`JSONPostProcessor.${key}`)
      .split(';')
      .map((each) => each.trim());
  const [paths, numbers, defaults] = [list('jsonPathExprs'), list('match_numbers'), list('defaultValues')];
  return Object.fromEntries(
    namesOfExtractor(element).map((name, at) => [
      name,
      jsonSource(paths[at] ?? '', numbers[at] ?? '', defaults[at] ?? ''),
    ]),
  );
}

function jsonSource(written: string, number: string, standard: string): CaptureInput | undefined {
  const path = written.startsWith('$') ? written : `$.${written}`;
  if (!isJsonPath(path)) return undefined;
  const rest = { ...matchOf(number === '' ? '1' : number), ...defaultOf(standard) };
  return Object.keys(rest).length === 0 ? path : { json: path, ...rest };
}

function isJsonPath(path: string): boolean {
  try {
    parsePath(path);
    return !/\d{16}/.test(path);
  } catch {
    return false;
  }
}

type Expectation = NonNullable<HttpInput['expect']>;

/** JMeter's bits: 1 matches, 2 contains, 4 not, 8 equals, 16 substring, 32 or. */
const [NOT, CONTAINS, EQUALS, SUBSTRING, OR] = [4, 2, 8, 16, 32];

/** What an assertion expects of a reply; what a plan can't do is said. */
function expectationOf(element: TestElement, texts: JmeterTexts, notes: Notes): Expectation {
  const { kind, node, line, name } = element;
  const value = (key: string): string => texts.constant(node.value(key)) ?? node.value(key);
  if (kind === 'DurationAssertion') {
    const ms = Number(value('DurationAssertion.duration'));
    return ms > 0 ? { time: `${ms}ms` } : {};
  }
  if (
    kind === 'JSONPathAssertion' &&
    isJsonPath(value('JSON_PATH')) &&
    node.isTrue('JSONVALIDATION') &&
    !node.isTrue('INVERT') &&
    !node.isTrue('EXPECT_NULL')
  )
    return { body: { json: { [value('JSON_PATH')]: scalarOf(value('EXPECTED_VALUE')) } } };
  const found = kind === 'ResponseAssertion' ? responseExpectation(element, texts) : undefined;
  if (found === undefined) notes.leftOut(line, `the assertion ${name}`);
  return found ?? {};
}

const scalarOf = (text: string): string | number | boolean =>
  /^(?:true|false)$/.test(text) ? text === 'true' : /^-?(?:0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text;

function responseExpectation({ node }: TestElement, texts: JmeterTexts): Expectation | undefined {
  const type = Number(node.value('Assertion.test_type')) || CONTAINS;
  const strings = [...node.items('Asserion.test_strings'), ...node.items('Assertion.test_strings')].map(({ text }) =>
    texts.constant(text),
  );
  const wanted = strings.flatMap((text) => (text === undefined || text === '' ? [] : text));
  if (wanted.length === 0 || wanted.length < strings.length) return strings.length === 0 ? {} : undefined;
  const isNot = (type & NOT) !== 0;
  const field = node.value('Assertion.test_field').replace('Assertion.', '');
  if (field === 'response_code') return isNot ? undefined : statusExpectation(wanted);
  if (field === 'response_headers') return isNot ? undefined : headerExpectation(wanted);
  return /^response_data(?:_as_document)?$/.test(field) ? bodyExpectation(wanted, type) : undefined;
}

function statusExpectation(wanted: readonly string[]): Expectation | undefined {
  const statuses = wanted.map((text) => {
    const plain = text.replaceAll(/^\^|\$$|\s/g, '');
    if (/^[1-5]\d\d$/.test(plain)) return Number(plain);
    const first =
      /^\(?([1-5])(?:\\d|\.|\[0-9\]|x){1,2}(?:\{2\}|[*+])?\)?$/i.exec(plain)?.[1] ??
      (/^[1-5](?:\.\*)?$/.test(plain) ? plain[0] : undefined);
    return first === undefined ? undefined : `${first}xx`;
  });
  const known = statuses.flatMap((status) => status ?? []);
  if (known.length < statuses.length) return undefined;
  const [one] = known;
  return known.length === 1 && one !== undefined ? { status: one } : { status: known };
}

function headerExpectation(wanted: readonly string[]): Expectation | undefined {
  const pairs = wanted.map((text) => /^([\w-]+):\s*(\S.*)$/.exec(text.trim()));
  if (pairs.some((pair) => pair === null)) return undefined;
  return { header: Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? ''])) };
}

function bodyExpectation(wanted: readonly string[], type: number): Expectation | undefined {
  const isText = (type & (SUBSTRING | EQUALS)) !== 0;
  const [only = ''] = wanted;
  if (isText && (type & (NOT | EQUALS)) === 0 && wanted.length === 1) return { body: only };
  const patterns = wanted.map((text) => (isText ? escapedRegex(text) : javaRegex(text)));
  if (patterns.includes(undefined)) return undefined;
  const whole = patterns.map((pattern) =>
    (type & (CONTAINS | SUBSTRING)) === 0 ? `${pattern}$` : `[\\s\\S]*(?:${pattern})`,
  );
  const sign = (type & NOT) === 0 ? '=' : '!';
  const regex =
    (type & OR) === 0 ? `^${whole.map((each) => `(?${sign}${each})`).join('')}` : `^(?${sign}${whole.join('|')})`;
  return isRegex(regex) ? { body: { regex } } : undefined;
}

/** What all that looks at replies in a sampler's scope captures and expects; of two that expect the same the nearer counts. */
export function checksIn(
  elements: readonly TestElement[],
  texts: JmeterTexts,
  notes: Notes,
): Pick<HttpInput, 'capture' | 'expect'> {
  const [capture, expect]: [Captures, Expectation] = [{}, {}];
  for (const element of elements)
    if (element.kind in EXTRACTORS) Object.assign(capture, capturesOfExtractor(element, texts, notes));
    else Object.assign(expect, expectationOf(element, texts, notes));
  return { capture, expect };
}
