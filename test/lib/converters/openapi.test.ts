import { expect, test } from '@jest/globals';
import { scriptOf } from '../../../lib/converters/converter.ts';
import { openapi } from '../../../lib/converters/openapi/openapi.ts';
import { textLike } from '../../../lib/converters/openapi/pattern.ts';
import { convertedBy } from './by.ts';

const PETS = `openapi: 3.0.3
info: { title: Pets, version: "1" }
servers: [{ url: "https://{region}.pets.example.test/v1", variables: { region: { default: eu } } }]
security: [{ apiKey: [] }]
paths:
  /pets/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
    delete: { operationId: dropPet, tags: [pets], responses: { "204": { description: gone } } }
    get: { operationId: readPet, tags: [pets], responses: { "200": { description: ok } } }
  /pets:
    get:
      operationId: listPets
      tags: [pets]
      security: []
      parameters:
        - { name: kind, in: query, required: true, schema: { type: array, items: { enum: [cat, dog] } } }
        - { name: page, in: query, schema: { type: integer } }
      responses: { "200": { description: ok } }
    post:
      operationId: addPet
      tags: [pets]
      requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } }
      responses: { "201": { content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } } }
  /owners/{owner}: { get: { responses: { default: { description: any } } } }
components:
  securitySchemes: { apiKey: { type: apiKey, in: header, name: X-Api-Key } }
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        id: { type: integer, readOnly: true }
        name: { type: string, maxLength: 3 }
        born: { type: string, format: date }
        kind: { oneOf: [{ type: "null" }, { enum: [cat, dog] }] }
        weight: { type: number, minimum: 2, exclusiveMinimum: true, multipleOf: 0.5 }
        plate: { type: string, pattern: "^[A-Z]{2}-\\\\d{3}$" }
        mother: { $ref: "#/components/schemas/Pet" }
        far: { $ref: "https://elsewhere.example.test/far.json" }
`;

test('a document: what is made is read by its id, and deleted last', async () => {
  const { text, said } = await convertedBy(openapi, PETS);
  expect(text).toBe(`name: Pets
target: https://eu.pets.example.test/v1
variables:
  # line 24: owner has no example: its value is made up, fill it in
  owner: text

scenarios:
  - name: pets
    steps:
      - name: addPet
        post: /pets
        headers: { x-api-key: "{{ $env(API_KEY) }}" }
        json: { name: tex, born: 2026-01-15, kind: cat, weight: 2.5, plate: AA-111, far: text }
        capture: { petId: $.id }
        expect: { status: 2xx }
      - name: readPet
        get: /pets/{{ petId }}
        headers: { x-api-key: "{{ $env(API_KEY) }}" }
        expect: { status: 2xx }
      - { name: listPets, get: /pets, query: { kind: cat }, expect: { status: 2xx } }
      - name: dropPet
        delete: /pets/{{ petId }}
        headers: { x-api-key: "{{ $env(API_KEY) }}" }
        expect: { status: 2xx }
  - name: owners
    steps:
      - { get: "/owners/{{ owner }}", headers: { x-api-key: "{{ $env(API_KEY) }}" } }

phases:
  - { name: one user, kind: sustained, duration: 1m, closed: { users: 1 } }
`);
  expect(said).toContain(
    '39 left out: https://elsewhere.example.test/far.json is not read: references are followed within the document and into files below its folder (2 times)',
  );
});

test('Swagger 2.0: host, base path, form and body parameters', async () => {
  const { text } = await convertedBy(
    openapi,
    JSON.stringify({
      swagger: '2.0',
      host: 'api.example.test',
      basePath: '/v2',
      schemes: ['http'],
      securityDefinitions: { login: { type: 'basic' } },
      security: [{ login: [] }],
      paths: {
        '/a': {
          post: { parameters: [{ name: 'b', in: 'body', schema: { type: 'array', items: { type: 'boolean' } } }] },
        },
        '/f': {
          post: {
            consumes: ['application/x-www-form-urlencoded'],
            parameters: [{ name: 'x', in: 'formData', required: true, type: 'string', enum: ['y'] }],
          },
        },
      },
    }),
  );
  expect(text).toContain('target: http://api.example.test/v2');
  expect(text).toContain('authorization: Basic {{ $env(LOGIN) }}');
  expect(text).toContain('json: [ true ]');
  expect(text).toContain('form: { x: y }');
});

test('a document in parts: references lead into files below its folder, each relative to its own file', async () => {
  const files = {
    'paths/orders.yaml':
      'get:\n  $ref: ../operations/read.yaml\npost: { $ref: "#/elsewhere/post" }\nelsewhere: { post: { operationId: add, requestBody: { $ref: "../parts.json#/bodies/order" } } }',
    'operations/read.yaml': 'operationId: read\nparameters: [{ $ref: "../parts.json#/page" }]',
    'parts.json':
      '{"page": {"name": "page", "in": "query", "required": true, "schema": {"$ref": "it#/components/schemas/Page"}}, "bodies": {"order": {"content": {"application/json": {"schema": {"properties": {"sku": {"$ref": "schemas/a%20sku.yaml"}}}}}}}}',
    'schemas/a sku.yaml': 'type: string\nexample: S-7',
  };
  const root =
    'openapi: 3.0.3\npaths:\n  /orders: { $ref: ./paths/orders.yaml }\n  /lost: { $ref: lost.yaml }\ncomponents: { schemas: { Page: { type: integer, minimum: 3 } } }';
  const { text, said } = await convertedBy(openapi, root, { files });
  expect(text).toContain('{ name: read, get: /orders, query: { page: 3 } }');
  expect(text).toContain('{ name: add, post: /orders, json: { sku: S-7 } }');
  expect(said.filter((each) => each.includes('left out'))).toEqual([
    '4 left out: lost.yaml is not read: references are followed within the document and into files below its folder',
  ]);
});

test.each([
  [['a', 'b'], 'a and b have no example'],
  [['a', 'b', 'c', 'd'], 'a, b and 2 more have no example'],
])('values of %p that are made up stand last, below one comment', async (names, words) => {
  const parameter = (name: string, example?: string) => ({ name, in: 'path', schema: { type: 'string', example } });
  const path = (name: string, example?: string) => [
    `/p/${name}/{${name}}`,
    { get: { parameters: [parameter(name, example)] } },
  ];
  const paths = Object.fromEntries([...names.map((name) => path(name)), path('given', 'g')]);
  const { text } = await convertedBy(openapi, JSON.stringify({ openapi: '3.1.0', paths }));
  expect(text).toContain(
    `variables:\n  given: g\n  # line 1: ${words}: their values are made up, fill them in\n${names.map((name) => `  ${name}: text\n`).join('')}`,
  );
});

test.each([
  [
    [true, true],
    ['a', 'b'],
  ],
  [[true, false], ['b']],
])('of operations that are deprecated %p the plan has %p', async ([a, b], names) => {
  const paths = {
    '/a': { get: { operationId: 'a', deprecated: a } },
    '/b': { get: { operationId: 'b', deprecated: b } },
  };
  const { text } = await convertedBy(openapi, JSON.stringify({ openapi: '3.1.0', paths }));
  expect([...text.matchAll(/name: (\w), get/g)].map(([, name]) => name)).toEqual(names);
});

test.each([
  ['^[A-Z]{2}-\\d{3}$', 'AA-111'],
  ['^(cat|dog)s?$', 'cat'],
  ['^\\+?[1-9]\\d{1,3}$', '11'],
  ['[^a]+', '1'],
  ['^(?=x)y', undefined],
  ['(', undefined],
])('a text like %s is %s', (pattern, text) => {
  expect(textLike(pattern)).toBe(text);
});

const aliases = Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at},`.repeat(9)}]`).join('\n');

test.each([
  ['aliases that multiply', `openapi: 3.0.0\na0: &a0 [x]\n${aliases}\npaths: {}`],
  ['nested too deep', `{"openapi":"3.0.0","paths":${'['.repeat(1e6)}`],
  ['of more values than are read', `openapi: 3.0.0\npaths: [${'1,'.repeat(180_001)}]`],
  ['no operation', 'openapi: 3.0.0\npaths: {}'],
  ['no YAML', 'openapi: 3.0.0\npaths: [}'],
  ['references in a circle', 'openapi: 3.0.0\npaths: { $ref: "#/paths" }'],
])('refused: %s', async (_, script) => {
  expect(openapi.recognises(scriptOf('it', script))).toBe(true);
  await expect(convertedBy(openapi, script)).rejects.toMatchObject({ code: 'E-SCRIPT-REFUSED' });
});

test.each([
  ['lists', `openapi: 3.0.0\npaths: [${'[]\n'.repeat(180_001)}]`],
  ['keys without values', `openapi: 3.0.0\npaths: {${'? a\n'.repeat(180_001)}}`],
  ['names', `openapi: 3.0.0\npaths:\n${' - &a b\n'.repeat(100_000)}`],
  ['lines', `openapi: 3.0.0\n${'#\n'.repeat(1_500_000)}`],
])('YAML that would fill the memory is refused by its %s', async (_, script) => {
  await expect(convertedBy(openapi, script)).rejects.toThrow(/is YAML of \d{6} values, lines counted as well/);
});

test('names that JavaScript has for itself, and a key that stands twice', async () => {
  const script = `openapi: 3.1.0
info: { title: a }
info: { title: b }
paths:
  /x/{constructor}: { post: { requestBody: { content: { application/json: { schema: { properties: { __proto__: { type: string }, toString: { type: string } } } } } } } }
`;
  const { text } = await convertedBy(openapi, script);
  expect(text).toContain('name: b');
  expect(text).toContain('json: { toString: text }');
});
