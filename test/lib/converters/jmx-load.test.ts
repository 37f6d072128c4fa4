import { expect, test } from '@jest/globals';
import { jmx } from '../../../lib/converters/jmx/jmx.ts';
import { convertedBy } from './by.ts';
import { args, argument, defaults, element, group, plan, prop, request } from './test-plan.ts';

const one = request('a', 'GET', '/a');

test.each([
  [
    'ten threads in five seconds, once each',
    group('g', 10, 5, 1, one),
    'open: { stages: [ { duration: 5s, hold: 2 }, { duration: 10s, hold: 0 } ] }',
  ],
  ['for ever', group('g', 10, 0, -1, one), 'duration: 1m, closed: { users: 10 }'],
  [
    'by time',
    group('g', 4, 10, -1, one, `${prop('ThreadGroup.scheduler', 'true')}${prop('ThreadGroup.duration', 70)}`),
    'closed: { stages: [ { duration: 10s, to: 4 }, { duration: 60s, hold: 4 } ] }',
  ],
  [
    'a concurrency group, in minutes',
    element(
      'com.blazemeter.jmeter.threads.concurrency.ConcurrencyThreadGroup',
      'g',
      prop('TargetLevel', 6) + prop('RampUp', 1) + prop('Hold', 2) + prop('Unit', 'M'),
      one,
    ),
    'closed: { stages: [ { duration: 60s, to: 6 }, { duration: 120s, hold: 6 } ] }',
  ],
  [
    'arrivals a minute',
    element(
      'com.blazemeter.jmeter.threads.arrivals.ArrivalsThreadGroup',
      'g',
      prop('TargetLevel', 120) + prop('RampUp', 0) + prop('Hold', 1) + prop('Unit', 'M'),
      one,
    ),
    'open: { rate: 2 }',
  ],
])('load: %s', async (_, children, written) => {
  const { text } = await convertedBy(jmx, plan(defaults + children));
  expect(text.replaceAll(/\s+/g, ' ')).toContain(written.replace('duration: 1m, ', ''));
});

test.each([
  [
    'GaussianRandomTimer',
    prop('ConstantTimer.delay', 300) + prop('RandomTimer.range', 100),
    'pause: { min: 100ms, max: 500ms }',
  ],
  [
    'UniformRandomTimer',
    prop('ConstantTimer.delay', 1000) + prop('RandomTimer.range', 2000),
    'pause: { min: 1s, max: 3s }',
  ],
  ['ConstantThroughputTimer', prop('throughput', 120) + prop('calcMode', 0), 'pause: 500ms'],
])('timer: %s', async (kind, properties, written) => {
  const { text } = await convertedBy(jmx, plan(defaults + group('g', 1, 1, 1, element(kind, 't', properties) + one)));
  expect(text).toContain(written);
});

test.each([
  [
    'entities of its own',
    `<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><jmeterTestPlan><hashTree>&b;</hashTree></jmeterTestPlan>`,
  ],
  ['nested too deep', `<jmeterTestPlan>${'<hashTree>'.repeat(1e5)}`],
  ['cut', plan(defaults).slice(0, 300)],
  ['no HTTP', plan(group('g', 1, 1, 1, element('JDBCSampler', 'sql', '')))],
])('refused: %s', async (_, script) => {
  await expect(convertedBy(jmx, script)).rejects.toMatchObject({ code: 'E-SCRIPT-REFUSED' });
});

test('variables in a circle, and names that JavaScript has for itself', async () => {
  const circle = element(
    'Arguments',
    'v',
    `<collectionProp name="Arguments.arguments">${argument('a', '${b}')}${argument('b', '${a}')}</collectionProp>`,
  );
  const { text } = await convertedBy(
    jmx,
    plan(
      defaults +
        circle +
        group(
          'g',
          1,
          1,
          1,
          request('__proto__', 'GET', '/x', args(argument('__proto__', '1'), argument('constructor', '${a}'))),
        ),
    ),
  );
  expect(text).toContain('get: /x');
});

const throughput = (mode: number): string =>
  element('ConstantThroughputTimer', 't', prop('throughput', 120) + prop('calcMode', mode));
const two = request('a', 'GET', '/a') + request('b', 'GET', '/b');
const looped = element('LoopController', 'l', prop('LoopController.loops', 3), one);
const rare = element('ThroughputController', 'r', prop('ThroughputController.percentThroughput', 50), one);

// 120 a minute are one each 500 ms: of each of the 10 threads, or of all of them together.
test.each([
  ['of each thread', group('g', 10, 0, -1, throughput(0) + two), 'closed: { users: 10, pacing: 1s }'],
  ['of all threads', group('g', 10, 0, -1, throughput(1) + two), 'closed: { users: 10, pacing: 10s }'],
  ['beside the group', throughput(2) + group('g', 10, 0, -1, one), 'closed: { users: 10, pacing: 5s }'],
  ['with turns', group('g', 10, 0, -1, throughput(0) + looped), 'closed: { users: 10, pacing: 1500ms }'],
  ['of journeys that differ', group('g', 10, 0, -1, throughput(0) + one + rare), 'pause: 500ms'],
  ['of one of two groups', group('g', 2, 0, -1, throughput(0) + one) + group('h', 2, 0, -1, one), 'pause: 500ms'],
])('a constant throughput %s', async (_, children, written) => {
  const { text } = await convertedBy(jmx, plan(defaults + children));
  expect(text.replaceAll(/\s+/g, ' ')).toContain(written);
  expect(text.includes('pause') && text.includes('pacing')).toBe(false);
});

const css = (expression: string, attribute: string): string =>
  element(
    'HtmlExtractor',
    'e',
    prop('HtmlExtractor.refname', 'v') +
      prop('HtmlExtractor.expr', expression) +
      prop('HtmlExtractor.attribute', attribute),
  );
const xpath = (query: string, match = 1): string =>
  element(
    'XPathExtractor',
    'e',
    prop('XPathExtractor.refname', 'v') +
      prop('XPathExtractor.xpathQuery', query) +
      prop('XPathExtractor.matchNumber', match),
  );

test.each([
  ['a field', css('input[name=csrf]', 'value'), 'html: input[name=csrf]@value'],
  ['a text', css('ul.hits > li:first-child', ''), 'html: ul.hits > li:first-child'],
  ['a selector of JMeter alone', css('li:eq(2)', ''), undefined],
  ['no selector', css('', 'value'), undefined],
  ['a path', xpath('/order/item[2]/@id'), 'xml: /order/item[2]/@id'],
  ['a text by path', xpath('//price/text()', -1), 'xml: //price'],
  ['a field by path', xpath("//input[@id='csrf']/@value"), 'html: input[id=csrf]@value'],
  ['a path of XPath alone', xpath('count(//price)'), undefined],
])('an extractor of %s', async (_, extractor, written) => {
  const { text, said } = await convertedBy(
    jmx,
    plan(defaults + group('g', 1, 1, 1, request('a', 'GET', '/a', '', extractor))),
  );
  expect(`${text.replaceAll(/["'\\]/g, '')}${said.join()}`).toContain(written ?? 'left out: the extractor e of v');
  expect(text.includes('match: all')).toBe(extractor.includes('>-1<'));
});
