import { expect, test } from '@jest/globals';
import { jmx } from '../../../lib/converters/jmx/jmx.ts';
import { convertedBy } from './by.ts';
import { args, argument, defaults, element, group, plan, prop, request } from './test-plan.ts';

const variables = element(
  'Arguments',
  'v',
  `<collectionProp name="Arguments.arguments">${argument('city', 'York')}${argument('apiKey', 'k-12345678')}</collectionProp>`,
);
const extractor = element(
  'RegexExtractor',
  'token',
  prop('RegexExtractor.refname', 'token') +
    prop('RegexExtractor.regex', 'token=(\\w+)') +
    prop('RegexExtractor.template', '$1$') +
    prop('RegexExtractor.match_number', 1) +
    prop('RegexExtractor.default', 'NONE'),
);
const ids = element(
  'JSONPostProcessor',
  'ids',
  prop('JSONPostProcessor.referenceNames', 'ids') +
    prop('JSONPostProcessor.jsonPathExprs', '$..id') +
    prop('JSONPostProcessor.match_numbers', -1),
);
const assertion = (field: string, type: number, text: string): string =>
  element(
    'ResponseAssertion',
    'a',
    `<collectionProp name="Asserion.test_strings">${prop('1', text)}</collectionProp>${prop('Assertion.test_field', `Assertion.${field}`)}${prop('Assertion.test_type', type)}`,
  );

const SHOP = plan(
  defaults +
    variables +
    group(
      'Buyers',
      10,
      5,
      3,
      element(
        'CSVDataSet',
        'users',
        prop('filename', 'data/users.csv') + prop('delimiter', ';') + prop('variableNames', 'email,age'),
      ) +
        element(
          'HeaderManager',
          'h',
          `<collectionProp name="HeaderManager.headers"><elementProp name="">${prop('Header.name', 'X-Key')}${prop('Header.value', '${apiKey}')}</elementProp></collectionProp>`,
        ) +
        element('ConstantTimer', 't', prop('ConstantTimer.delay', 500)) +
        element(
          'OnceOnlyController',
          'once',
          '',
          request(
            'Sign in',
            'POST',
            '/login',
            args(argument('user', '${email}'), argument('password', 'open sesame')),
            extractor,
          ),
        ) +
        element(
          'TransactionController',
          'Order',
          '',
          request(
            'list',
            'GET',
            '/items',
            args(argument('city', '${city}'), argument('n', '${__Random(1,9)}')),
            ids + assertion('response_code', 8, '200') + assertion('response_data', 20, 'sorry'),
          ),
        ) +
        element(
          'IfController',
          'if',
          prop('IfController.condition', '${__jexl3("${token}" != "NONE",)}'),
          request(
            'make',
            'POST',
            '/orders',
            `<boolProp name="HTTPSampler.postBodyRaw">true</boolProp>${args(argument('', '{"age":${age},"token":"${token}"}'))}`,
          ),
        ) +
        element(
          'ForeachController',
          'each',
          prop('ForeachController.inputVal', 'ids') + prop('ForeachController.returnVal', 'id'),
          request('one', 'GET', '/items/${id}'),
        ) +
        element(
          'ThroughputController',
          'some',
          `<FloatProperty><name>ThroughputController.percentThroughput</name><value>25.0</value></FloatProperty>${prop('ThroughputController.style', 1)}`,
          request('rare', 'GET', '/rare'),
        ) +
        element('JDBCSampler', 'sql', '') +
        element('JSR223Sampler', 'js', ''),
    ),
);

test('a test plan: threads that end are arrivals, scopes become steps', async () => {
  const { text, said, files } = await convertedBy(jmx, SHOP, { files: { 'data/users.csv': 'ann@example.test;41\n' } });
  expect(text).toBe(`name: Shop
target: https://shop.example.test
onFail: next
redirects: follow
headers:
  X-Key: "{{ $env(API_KEY) }}"
variables:
  city: York
feeders:
  users: { file: users.csv }

scenarios:
  - name: Buyers
    onStart:
      - { pause: 500ms }
      - name: Sign in
        post: /login
        form: { user: "{{ users.email }}", password: "{{ $env(PASSWORD) }}" }
        capture: { token: { regex: token=(\\w+), default: NONE } }
    steps:
      - loop:
          times: 3
          steps:
            - { pause: 500ms }
            - name: Order / list
              get: /items
              query: { city: "{{ city }}", n: "{{ $randomInt(1, 9) }}" }
              capture: { ids: { json: $..id, match: all } }
              expect: { status: 200, body: { regex: "^(?![\\\\s\\\\S]*(?:sorry))" } }
            - if: token != "NONE"
              steps:
                - { pause: 500ms }
                - name: make
                  post: /orders
                  json: { age: "{{ users.age | raw }}", token: "{{ token }}" }
            - loop:
                over: ids
                as: id
                steps:
                  - { pause: 500ms }
                  - { name: one, get: "/items/{{ id }}" }
            - choose:
                - weight: 25
                  steps:
                    - { pause: 500ms }
                    - { name: rare, get: /rare }
                - weight: 75
                  steps: []

phases:
  - name: load
    kind: sustained
    open: { stages: [ { duration: 5s, hold: 2 }, { duration: 18s, hold: 0 } ] }
`);
  expect(said).toEqual([
    '44 left out: JDBCSampler sql',
    '46 left out: JSR223Sampler js',
    '- changed: a secret is read from the environment: set PASSWORD before the run',
    '- changed: a secret is read from the environment: set API_KEY before the run',
  ]);
  expect(Buffer.from(files['users.csv'] ?? '').toString()).toBe('email,age\nann@example.test,41\n');
});

test('an expectation that repeats a secret is left out, and so is a group that only waits', async () => {
  const header = element(
    'HeaderManager',
    'own',
    `<collectionProp name="HeaderManager.headers"><elementProp name="">${prop('Header.name', 'Authorization')}${prop('Header.value', 'Bearer a1b2c3d4e5f6a7b8')}</elementProp></collectionProp>`,
  );
  const says = element(
    'ResponseAssertion',
    'says it again',
    `<collectionProp name="Asserion.test_strings">${prop('1', 'token: a1b2c3d4e5f6a7b8')}</collectionProp>${prop('Assertion.test_field', 'Assertion.response_data')}<intProp name="Assertion.test_type">16</intProp>`,
  );
  const waits = element(
    'TestAction',
    'wait',
    `<intProp name="ActionProcessor.action">1</intProp>${prop('ActionProcessor.duration', 5000)}`,
  );
  const { text, said } = await convertedBy(
    jmx,
    plan(
      defaults +
        group('idle', 1, 1, 1, waits) +
        group('users', 1, 1, 1, request('me', 'GET', '/me', '', header + says)),
    ),
  );
  expect(text).toContain('headers: { Authorization: "Bearer {{ $env(TOKEN) }}" }');
  expect(text).not.toMatch(/expect|a1b2c3|idle/);
  expect(said.filter((each) => each.includes('left out'))).toEqual([
    expect.stringMatching(/the thread group idle, which has no HTTP request/),
    '- left out: what me is expected to answer, since it holds a secret',
  ]);
});

test('an argument is encoded already unless JMeter is to do it', async () => {
  const isEncoded = argument('as', 'a%20b');
  const isPlain = argument('plain', 'a%20b').replace(
    '</el',
    '<boolProp name="HTTPArgument.always_encode">true</boolProp></el',
  );
  const { text } = await convertedBy(
    jmx,
    plan(defaults + group('users', 1, 1, 1, request('find', 'GET', '/find', args(isEncoded, isPlain)))),
  );
  expect(text).toContain('query: { as: a b, plain: a%20b }');
});

test('a plan without HTTP is refused with the samplers that it has', async () => {
  const others = element('JDBCSampler', 'a', '') + element('kg.apc.jmeter.samplers.DummySampler', 'b', '');
  await expect(convertedBy(jmx, plan(group('users', 1, 1, 1, others)))).rejects.toMatchObject({
    code: 'E-SCRIPT-REFUSED',
    message: 'It holds no HTTP request that a plan could send; its samplers are of JDBCSampler and DummySampler.',
  });
});
