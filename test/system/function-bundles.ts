import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { shopSettings } from '../lib/run/workflow/settings.ts';

/** The four functions of the load test, bundled as `cdk synth` bundles them, and loaded as Lambda would load them. */
export class FunctionBundles implements Disposable {
  readonly folder: string;
  /** A folder each. */
  readonly assets: readonly string[];

  /** Of an application that was synthesised into this folder, which is removed at the end. */
  constructor(folder: string) {
    this.folder = folder;
    this.assets = readdirSync(this.folder)
      .filter((name) => name.startsWith('asset.'))
      .map((name) => join(this.folder, name))
      .filter((path) => statSync(path).isDirectory() && readdirSync(path).includes('index.mjs'));
  }

  static synthesised(): FunctionBundles {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bundles-'));
    const cdk = ['node_modules/aws-cdk/bin/cdk', 'synth', '--quiet', '--no-notices', '-c', 'env=dev'];
    const { status, stderr } = spawnSync(process.execPath, [...cdk, '--output', folder], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return new FunctionBundles(folder);
  }

  /** Runs lines of a module in a process of their own, where `handler` is the asset's, and `importMs` what importing it took. */
  run(asset: string, lines: string): { readonly stdout: string; readonly stderr: string } {
    const store = pathToFileURL(join(this.folder, 'none')).href;
    const places = { store, generators: { cluster: 'c' }, system: {}, topicArn: 't' };
    const script = `const startedMs = performance.now();
      const { handler } = await import(${JSON.stringify(join(asset, 'index.mjs'))});
      const importMs = performance.now() - startedMs;
      ${lines}`;
    return spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'] ?? '',
        AWS_REGION: 'us-east-1',
        PLIMSOLL_SETTINGS: JSON.stringify(shopSettings),
        PLIMSOLL_PLACES: JSON.stringify(places),
      },
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** As entries of a zip file hold an asset's files; headers are a hundred bytes each. */
export const zippedBytes = (asset: string): number =>
  readdirSync(asset, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + deflateRawSync(readFileSync(join(parentPath, name))).length + 100, 0);
