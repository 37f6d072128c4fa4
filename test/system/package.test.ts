import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { lackingFor } from './image-context.ts';
import { ImageFiles } from './image-files.ts';

/** A folder in which somebody has installed the package, with what npm installs beside it and no more. */
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-package-'));
const command = join(folder, 'node_modules/plimsoll/dist/bin/plimsoll.js');
let server: Server;

const run = (program: string, args: readonly string[]) =>
  spawnSync(program, args, { cwd: folder, encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '', CI: 'true' } });

function link(path: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  symlinkSync(resolve(path), join(folder, path));
}

/** What the examples of the docstrings take for granted. */
const BEFORE_EXAMPLES = {
  index: "import { definePlan } from 'plimsoll';\n",
  infra: `import type { Stack } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { ServiceAlarms, StagingEnvironment, type StagingEnvironmentProps } from 'plimsoll/infra';
declare const stack: Stack, props: StagingEnvironmentProps, page: ITopic, notice: ITopic, runbooks: string;
`,
};

/** The code below `@example`, up to the end of its docstring. */
const exampleIn = (file: string): string =>
  (/ \* @example\n(.*?)\n \*\//s.exec(readFileSync(file, 'utf8'))?.[1] ?? '').replaceAll(/^ \* ?/gm, '');

/** What the lock file has for those who install the package: neither for development, nor optional. */
function installed(): string[] {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, object> };
  return Object.entries(lock.packages).flatMap(([path, facts]) => {
    const isLeftOut = ['dev', 'optional', 'devOptional', 'peer', 'link'].some((flag) => flag in facts);
    return isLeftOut || path.lastIndexOf('node_modules/') !== 0 ? [] : [path];
  });
}

beforeAll(async () => {
  // Of what the image of the command line is built from, so that its Dockerfile copies enough.
  const source = mkdtempSync(join(tmpdir(), 'plimsoll-source-'));
  new ImageFiles('bin/Dockerfile', 'package').layFilesInto(source);
  symlinkSync(resolve('node_modules'), join(source, 'node_modules'));
  const pack = ['pack', '--json', '--pack-destination', folder];
  const packed = spawnSync('npm', pack, { cwd: source, encoding: 'utf8' });
  rmSync(source, { recursive: true, force: true });
  expect(packed.stderr).not.toContain('npm error');
  const [tarball = ''] = readdirSync(folder);
  const home = join(folder, 'node_modules/plimsoll');
  mkdirSync(home, { recursive: true });
  expect(run('tar', ['-xzf', tarball, '-C', home, '--strip-components=1']).status).toBe(0);
  for (const path of installed()) link(path);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  server = createServer((_, reply) => reply.end('ok')).listen(0, '127.0.0.1');
  await once(server, 'listening');
}, 120_000);

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

test('it runs a plan that is a TypeScript module', async () => {
  const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(
    join(folder, 'plan.ts'),
    `import { definePlan } from 'plimsoll';
const paths: readonly string[] = ['/', '/a'];
export default definePlan({
  name: 'home',
  target: '${target}',
  scenarios: [{ name: 'pages', steps: paths.map((get) => ({ get })) }],
  phases: [{ name: 'arrivals', kind: 'sustained', duration: '1s', open: { rate: 20 } }],
});
`,
  );
  // Not spawnSync, which would keep the server from answering.
  const child = spawn(process.execPath, [command, 'run', 'plan.ts', '--out', 'out'], { cwd: folder, stdio: 'ignore' });
  await once(child, 'exit');
  const summary = JSON.parse(readFileSync(join(folder, 'out/summary.json'), 'utf8')) as {
    readonly phases: readonly { readonly ledger: { readonly ok: number } }[];
  };
  expect(summary.phases[0]?.ledger.ok).toBe(40);
});

test('without the packages of AWS its commands say which to install', () => {
  const { status, stderr } = run(process.execPath, [command, 'cloud', 'list', '--env', 'dev']);
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringMatching(/^E-PACKAGE-MISSING: .* npm install (?:@aws-sdk\/[a-z0-9-]+ ?)+\n/),
  });
});

test('its constructs and types fit a CDK application of another team', () => {
  for (const path of ['aws-cdk-lib', 'constructs', '@types/node']) link(`node_modules/${path}`);
  const own = readFileSync('examples/own-app/app.ts', 'utf8')
    .replace(/^import .* from '\.\.\/\.\..*;\n/gm, '')
    .replace(
      /^(?=\/\*\* Sizes)/m,
      `import { Dashboards, ServiceAlarms, StagingEnvironment, type StagingEnvironmentProps } from 'plimsoll/infra';\n`,
    );
  writeFileSync(join(folder, 'app.ts'), own);
  const loadTest = readFileSync('examples/own-app/load-test.ts', 'utf8');
  writeFileSync(join(folder, 'load-test.ts'), loadTest.replace(/'\.\.\/\.\..*'/, "'plimsoll/infra'"));
  for (const [entry, before] of Object.entries(BEFORE_EXAMPLES))
    writeFileSync(join(folder, `example-${entry}.ts`), `${before}${exampleIn(`bin/api/${entry}.ts`)}`);
  const options = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--allowImportingTsExtensions',
    '--module',
    'nodenext',
    '--target',
    'es2024',
  ];
  const checked = run(resolve('node_modules/.bin/tsc'), [
    ...options,
    '--types',
    'node',
    'plan.ts',
    'app.ts',
    'load-test.ts',
    'example-index.ts',
    'example-infra.ts',
  ]);
  expect(checked.stdout).toBe('');
  const { status, stderr } = run(process.execPath, ['app.ts']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining('synthesising Shop') });
});

test('a load test in it has its functions bundled, and all that its image is built from', () => {
  const [, named = ''] = /^\| its `LoadTest`.*?\|(.*)\|$/m.exec(readFileSync('docs/install.md', 'utf8')) ?? [];
  for (const [, name = ''] of named.matchAll(/`(.+?)`/g)) link(`node_modules/${name}`);
  link('node_modules/.bin/esbuild');
  const outdir = join(folder, 'assembly');
  const { status, stderr } = spawnSync(process.execPath, ['load-test.ts'], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', CDK_OUTDIR: outdir },
  });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  const assets = readdirSync(outdir).filter((name) => name.startsWith('asset.'));
  const holding = (path: string): string[] => assets.filter((asset) => existsSync(join(outdir, asset, path)));
  expect(holding('index.mjs')).toHaveLength(4);
  expect(holding('page/uPlot.iife.min.js')).toHaveLength(1);
  const [context = ''] = holding('loadgen/Dockerfile');
  expect(lackingFor('loadgen/Dockerfile', join(outdir, context))).toEqual([]);
});

test('the image of the command line has what its commands load, and runs as nobody in particular', () => {
  const image = new ImageFiles('bin/Dockerfile');
  const app = join(folder, 'app');
  cpSync(join(folder, 'node_modules/plimsoll'), app, { recursive: true });
  image.linkPackagesInto(app);
  expect(image.argumentsOf('USER')).toEqual(['1000:1000']);
  const entry = JSON.parse(image.argumentsOf('ENTRYPOINT')[0] ?? '') as string[];
  expect(entry.slice(0, 4)).toEqual(['/usr/local/bin/tini', '-s', '--', 'node']);
  // Its own node_modules alone: what lies beside the package's folder is nothing that the image has.
  rmSync(join(folder, 'node_modules'), { recursive: true });
  const started = (...args: readonly string[]) =>
    run(process.execPath, [...entry.slice(4).map((path) => path.replace('/app', app)), ...args]);
  expect(started('run', '/plans/none.yaml')).toMatchObject({
    status: 5,
    stderr: expect.stringContaining('E-PLAN-MISSING'),
  });
  // The one that needs the SDK, for a store in a bucket.
  expect(started('worker')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^PLIMSOLL_STORE: .*E-WORKER-INPUT/s),
  });
});
