import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { ImageFiles } from '../system/image-files.ts';

const FOLDER = 'examples/compose';

interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly user: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly ports?: readonly string[];
}

const text = readFileSync(join(FOLDER, 'compose.yaml'), 'utf8');
const { services } = parse(text, { merge: true }) as { services: Readonly<Record<string, ComposeService>> };
const each = Object.entries(services);

/** The schema of the Compose specification, as dclint brings it along. */
const home = dirname(createRequire(import.meta.url).resolve('dclint/package.json'));
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
const isCompose = ajv.compile(
  JSON.parse(
    readFileSync(join(home, 'schemas/compose.schema.json'), 'utf8').replace(
      '"https://json-schema.org/draft-07/schema"',
      '"http://json-schema.org/draft-07/schema#"',
    ),
  ) as object,
);

const problemsOf = (value: unknown): readonly string[] =>
  isCompose(value) ? [] : (isCompose.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);

describe('compose.yaml', () => {
  test('is what the Compose specification asks for', () => {
    expect(problemsOf(parse(text, { merge: true }))).toEqual([]);
  });

  test.each([
    ['a property that there is not', { services: { a: { image: 'a', memory: '1G' } } }],
    ['a word where a list is to be', { services: { a: { image: 'a', cap_drop: 'ALL' } } }],
    ['a condition that there is not', { services: { a: { depends_on: { b: { condition: 'healthy' } } } } }],
  ])('%s is found', (_, value) => {
    expect(problemsOf(value)).not.toEqual([]);
  });

  test.each(each)('%s runs confined: no root, a file system that is only read, limits', (_, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      deploy: {
        resources: { limits: { cpus: expect.any(String), memory: expect.any(String), pids: expect.any(Number) } },
      },
    });
    expect(service.user).toMatch(/^(?:\$\{RUNS_OWNER:-)?[1-9]\d*:[1-9]\d*\}?$/);
  });

  test('who is waited for until it is healthy says when it is, and nothing is published beyond this machine', () => {
    for (const [, { depends_on: others = {} }] of each)
      for (const [name, { condition }] of Object.entries(others))
        expect([name, condition, services[name]?.healthcheck !== undefined]).toEqual([
          name,
          condition,
          condition === 'service_healthy',
        ]);
    expect(each.flatMap(([, { ports = [] }]) => ports).every((port) => port.startsWith('127.0.0.1:'))).toBe(true);
  });

  test('images that are built here have their Dockerfile, and start what lies in it', () => {
    const built = new Map(
      each.flatMap(([, { image, build }]) => (build === undefined ? [] : [[image, build] as const])),
    );
    for (const { context, dockerfile } of built.values())
      expect(existsSync(join(FOLDER, context, dockerfile))).toBe(true);
    const service = new ImageFiles('target/service/Dockerfile').argumentsOf('COPY').join('\n');
    const started = each.flatMap(([, { command }]) => (command?.[0] === 'node' ? [command[1] ?? ''] : []));
    expect(started).toHaveLength(2);
    expect(started.filter((path) => !existsSync(path) || !service.includes(dirname(path)))).toEqual([]);
  });

  test('the variables of the service are those that it reads', () => {
    const page = readFileSync('target/README.md', 'utf8');
    const names = ['service', 'seed', 'downstream'].flatMap((name) => Object.keys(services[name]?.environment ?? {}));
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});
