import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { lackingFor } from './image-context.ts';
import { FunctionBundles, zippedBytes } from './function-bundles.ts';

const environments = ['dev', 'staging', 'perf'];
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-synth-'));

/** No account, no credentials, no way out: every address but loopback ends at a closed port. */
const ALONE = {
  PATH: process.env['PATH'] ?? '',
  HOME: folder,
  CI: 'true',
  AWS_EC2_METADATA_DISABLED: 'true',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  HTTP_PROXY: 'http://127.0.0.1:9',
  NODE_COMPILE_CACHE: join(folder, 'compiled'),
};

const cdk = (...args: string[]) =>
  spawnSync(process.execPath, ['node_modules/aws-cdk/bin/cdk', ...args, '--no-notices'], {
    env: ALONE,
    encoding: 'utf8',
  });

/** The application itself, in a folder whose config/ it reads, as the command line starts it. */
const app = (context: Readonly<Record<string, unknown>>, out = join(folder, 'out'), cwd = process.cwd()) =>
  spawnSync(process.execPath, [join(process.cwd(), 'bin/app.ts')], {
    cwd,
    env: { ...ALONE, CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify(context) },
    encoding: 'utf8',
  });

/** What the command line says to the application besides cdk.json; but here no function is bundled again. */
const BY_COMMAND_LINE = {
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:version-reporting': true,
  'aws:cdk:bundling-stacks': [],
};

/** A network that answers nothing skips the test; it does not hang the suite. */
const INSTALL_MS = 120_000;

/** cfn-lint of PyPI in a virtual environment that outlives the run, since making it takes longer than the rest. */
function cfnLint(): string | undefined {
  // Each user's own: another's may stand there and not be ours to run. A number, since not every user has a name.
  const home = join(tmpdir(), `plimsoll-cfn-lint-1.51.0-${process.getuid?.() ?? 'own'}`);
  const program = join(home, 'bin', 'cfn-lint');
  const runs = (): boolean => spawnSync(program, ['--version']).status === 0;
  if (existsSync(program) && runs()) return program;
  const made = spawnSync('python3', ['-m', 'venv', home]).status === 0;
  const installed =
    made &&
    spawnSync(join(home, 'bin', 'pip'), ['install', '--quiet', '--retries=1', 'cfn-lint==1.51.0'], {
      timeout: INSTALL_MS,
    }).status === 0;
  return installed && runs() ? program : undefined;
}

let bundles: FunctionBundles;

beforeAll(() => {
  const [first = '', ...others] = environments;
  const { status, stderr } = cdk('synth', '--quiet', '-c', `env=${first}`, '--output', join(folder, first));
  if (status !== 0) throw new Error(`cdk synth -c env=${first}: ${stderr}`);
  const { context: flags } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };
  // The same application as the command line starts it; the functions are the same, so they are bundled once.
  for (const name of others) {
    const ended = app({ ...flags, ...BY_COMMAND_LINE, env: name }, join(folder, name));
    if (ended.status !== 0) throw new Error(`bin/app.ts with env=${name}: ${ended.stderr}`);
  }
  bundles = new FunctionBundles(join(folder, 'dev'));
  // Three times some seconds of work; how many depends on who else is at work here, and is measured elsewhere.
}, 600_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const templatesOf = (name: string): string[] =>
  readdirSync(join(folder, name)).filter((file) => file.endsWith('.template.json'));

test.each(environments)('synthesis of %s needs no account, no engine and no network', (name) => {
  expect(templatesOf(name)).toEqual([
    `plimsoll-${name}-load-test.template.json`,
    `plimsoll-${name}-observability.template.json`,
    `plimsoll-${name}-staging.template.json`,
  ]);
});

test('no template asks for an account: nothing was looked up', () => {
  const manifests = environments.map((name) => readFileSync(join(folder, name, 'manifest.json'), 'utf8'));
  expect(manifests.filter((manifest) => manifest.includes('"missing"'))).toEqual([]);
});

interface ImageAsset {
  readonly source: { readonly directory: string; readonly dockerFile: string };
}

const imagesOf = (name: string): ImageAsset[] =>
  readdirSync(join(folder, name))
    .filter((file) => file.endsWith('.assets.json'))
    .flatMap((file) => {
      const all = JSON.parse(readFileSync(join(folder, name, file), 'utf8')) as {
        dockerImages: Record<string, ImageAsset>;
      };
      return Object.values(all.dockerImages);
    });

test.each(environments)('each image of %s is built from a folder that holds all that its Dockerfile copies', (name) => {
  const images = imagesOf(name);
  expect(images.map(({ source }) => source.dockerFile)).toEqual(
    expect.arrayContaining(['loadgen/Dockerfile', 'target/service/Dockerfile']),
  );
  const lacking = images.map(({ source }) => lackingFor(source.dockerFile, join(folder, name, source.directory)));
  expect(lacking.flat()).toEqual([]);
});

test('each of the four functions is at most 1 MB as it is sent, and the report has its page beside it', () => {
  const sizes = bundles.assets.map(zippedBytes);
  expect(sizes).toHaveLength(4);
  expect(sizes.filter((bytes) => bytes > 1e6)).toEqual([]);
  const pages = bundles.assets.filter((asset) => readdirSync(asset).includes('page'));
  expect(pages.map((asset) => readdirSync(join(asset, 'page')).toSorted())).toEqual([
    [
      'charts.css',
      'colours.css',
      'page.css',
      'page.js',
      'parts.css',
      'print.css',
      'tables.css',
      'uPlot.iife.min.js',
      'uPlot.min.css',
    ],
  ]);
});

test('each bundle loads as Lambda would load it, and its handler refuses an event that is none', () => {
  for (const asset of bundles.assets) {
    const { stdout, stderr } = bundles.run(
      asset,
      `await handler({}).then(() => console.log('took it'), (error) => console.log(error.name));`,
    );
    expect({ stdout, stderr }).toEqual({ stdout: 'ZodError\n', stderr: '' });
  }
});

/** cfn-lint's schema is older than the tags of these types, which CloudFormation takes (the library's own types are newer). */
const TAGGED =
  /AWS::(CloudWatch::Dashboard|ElasticLoadBalancingV2::Listener|ElasticLoadBalancingV2::ListenerRule|RDS::DBProxyTargetGroup|ApplicationAutoScaling::ScalableTarget)$/;

interface Finding {
  readonly Rule: { readonly Id: string };
  readonly Message: string;
  readonly Location: { readonly Path: readonly (string | number)[] | null };
  readonly Filename: string;
}

function isKnownFalse({ Rule, Message, Location, Filename }: Finding): boolean {
  if (Rule.Id === 'W3005') return true;
  // A major version alone, for which RDS takes its preferred minor; cfn-lint's list holds whole versions.
  if (Rule.Id === 'W3691' && /^Engine version '\d+' for engine 'postgres'/.test(Message)) return true;
  // The update policy that starts an instance refresh is younger than its schema (cfn-lint 4656, aws-cdk 38276).
  if (Rule.Id === 'E3016' && Message.includes("'AutoScalingInstanceRefresh' was unexpected")) return true;
  if (Rule.Id !== 'E3002' || !Message.includes("'Tags' was unexpected")) return false;
  const template = JSON.parse(readFileSync(Filename, 'utf8')) as { Resources: Record<string, { Type: string }> };
  return TAGGED.test(template.Resources[String(Location.Path?.[1])]?.Type ?? '');
}

const program = cfnLint();
const whereLintIs = program === undefined ? describe.skip : describe;
if (program === undefined)
  process.stderr.write('cfn-lint could not be installed (python3 with venv and PyPI): its test is skipped\n');

whereLintIs('cfn-lint', () => {
  test('finds nothing but the named false positives', () => {
    const templates = environments.flatMap((name) => templatesOf(name).map((file) => join(folder, name, file)));
    const { stdout } = spawnSync(program ?? '', ['--format', 'json', ...templates], { encoding: 'utf8' });
    const findings = JSON.parse(stdout) as Finding[];
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.filter((finding) => !isKnownFalse(finding))).toEqual([]);
  });
});

describe('what is wrong is said in a sentence, with an exit code and no stack', () => {
  test('an environment that nobody knows', () => {
    const { status, stderr } = app({ env: 'stagin' });
    expect(status).toBe(2);
    expect(stderr).toContain('E-CONFIGURATION-MISSING config/stagin.yaml does not exist; did you mean staging?');
    expect(stderr).not.toContain('    at ');
  });

  test('no environment', () => {
    const { status, stderr } = app({ another: 'word' });
    expect(status).toBe(2);
    expect(stderr).toContain('no environment was named; there are dev, perf, staging');
  });

  test('a wrong file: file, line, field and remedy, and nothing is synthesised', () => {
    const cwd = join(folder, 'wrong');
    cpSync('config', join(cwd, 'config'), { recursive: true });
    const path = join(cwd, 'config/dev.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replace('port: 8080', 'port: 80800'));
    const { status, stderr, stdout } = app({ env: 'dev' }, join(cwd, 'out'), cwd);
    expect(status).toBe(5);
    expect(stderr).toMatch(/config\/dev\.yaml:\d+:\d+ staging\.service\.port: 80800 .*65535 is the most/);
    expect(`${stdout}${stderr}`).not.toContain('    at ');
    expect(readdirSync(join(cwd, 'out')).filter((file) => file.endsWith('.template.json'))).toEqual([]);
  });

  test('a file whose name no stack can have', () => {
    const cwd = join(folder, 'named');
    cpSync('config', join(cwd, 'config'), { recursive: true });
    copyFileSync(join(cwd, 'config/dev.yaml'), join(cwd, 'config/My_own.yaml'));
    const { status, stderr } = app({ env: 'My_own' }, join(cwd, 'out'), cwd);
    expect(status).toBe(5);
    expect(stderr).toContain('config/My_own.yaml is no name for stacks; write small letters, digits and -');
    expect(readdirSync(join(cwd, 'out')).filter((file) => file.endsWith('.template.json'))).toEqual([]);
  });

  test('the cost of one', () => {
    const { status, stdout } = spawnSync(process.execPath, ['bin/cost.ts', '-c', 'env=dev'], {
      env: ALONE,
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    expect(stdout).toContain('sum of what has a price');
  });
});
