import { expect, test } from '@jest/globals';
import { headsOf, planOf } from '../sources.ts';

test.each([
  [
    '{ regex: "id=\\\\d+" }',
    '"id=\\\\d+" has no group 1; put ( ) round what to capture, or write group: 0 for all of it',
  ],
  [
    '{ regex: "(?:a)[(]", group: 1 }',
    '"(?:a)[(]" has no group 1; put ( ) round what to capture, or write group: 0 for all of it',
  ],
  ['{ regex: "(a)(?<b>b)", group: 3 }', '"(a)(?<b>b)" has no group 3; 2 is the last'],
])('refuses %s', async (capture, text) => {
  const found = await headsOf(planOf({ step: `{ get: /, capture: { id: ${capture} } }` }));
  expect(found).toEqual(['E-PLAN-INVALID', `6:39 scenarios[0].steps[0].capture.id.regex: ${text}`]);
});

test.each(['{ regex: "id=(.)" }', '{ regex: ".", group: 0 }', '{ regex: "(a)(?<b>b)|(c)", group: 3 }'])(
  'accepts %s',
  async (capture) => {
    expect(await headsOf(planOf({ step: `{ get: /, capture: { id: ${capture} } }` }))).toEqual(['']);
  },
);

test.each([
  'order/id',
  '/',
  '',
  '//',
  '/order/',
  '/order[0]',
  '/order[id=1]',
  '/order/@id/text',
  '/@id',
  '/a b',
  '/order/text()',
])('refuses the path %j into XML', async (xml) => {
  const found = await headsOf(planOf({ step: `{ get: /, capture: { id: { xml: "${xml}" } } }` }));
  expect(found).toEqual([
    'E-PLAN-INVALID',
    `6:37 scenarios[0].steps[0].capture.id.xml: "${xml}" is no path into XML; write one such as /order/item[2]/@id or //price`,
  ]);
});

test.each(['/order', '//price', '/*/soap:Body//id[3]', '/größe/@xml:lang', '/a-b/c.d/@e_f'])(
  'accepts the path %s into XML',
  async (xml) => {
    expect(await headsOf(planOf({ step: `{ get: /, capture: { id: { xml: "${xml}" } } }` }))).toEqual(['']);
  },
);

const HTML_REMEDY = 'write one such as input[name=csrf]@value (an attribute) or h1.title (the text)';

test.each([
  ['', ''],
  [' ', ''],
  ['@value', ''],
  ['input@', ''],
  ['input@@value', ''],
  ['<input>', ''],
  ['$.token', ''],
  ['//input', ' ("Empty sub-selector")'],
  ['a..b', ''],
  ['> a', ''],
  ['a, , b', ' ("Empty sub-selector")'],
  ['a >', ''],
  ['a > ~ b', ''],
  ['input[name=csrf', ` ("Attribute selector didn't terminate")`],
  ['a:not(', ' ("Missing closing parenthesis in :not (a:not()")'],
  ['a:frist', ' ("Unknown pseudo-class :frist")'],
  ['p::before', ' ("Pseudo-elements are not supported by css-select")'],
  ['svg|a@href', ' ("Namespaced tag names are not yet supported by css-select")'],
  ['li:nth-child(x)', ` ("n-th rule couldn't be parsed ('x')")`],
])('refuses the selector %j into HTML', async (html, reason) => {
  const found = await headsOf(planOf({ step: `{ get: /, capture: { id: { html: "${html}" } } }` }));
  expect(found).toEqual([
    'E-PLAN-INVALID',
    `6:38 scenarios[0].steps[0].capture.id.html: "${html}" cannot be used as a CSS selector${reason}; ${HTML_REMEDY}`,
  ]);
});

test.each([
  'input[name=csrf]@value',
  "a[href^='/x@y'] + b ~ c",
  '*',
  '#größe > .a-b_c:not(.d):nth-child(2n+1)@data-x',
  "a:contains('<@>')",
  'a, b:has(> i)@xlink:href',
  '[href$=.pdf]@href',
])('accepts the selector %j into HTML', async (html) => {
  expect(await headsOf(planOf({ step: `{ get: /, capture: { id: { html: "${html}" } } }` }))).toEqual(['']);
});

test.each(['1', '{}', 'null'])('refuses a selector that is no text: %s', async (html) => {
  const [code] = await headsOf(planOf({ step: `{ get: /, capture: { id: { html: ${html} } } }` }));
  expect(code).toBe('E-PLAN-INVALID');
});
