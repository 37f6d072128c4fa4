import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { MANIFESTS } from './manifests.ts';

/**
 * A kubectl that has no cluster: it writes down how it was called, and knows what was made and deleted so far, so that a second
 * `create`, a Job that is applied over another one, or what is done without a namespace, fails as it would. In the shell's own words,
 * since it is started a hundred times; behind a pipe it is called when what is before it has ended.
 */
const KUBECTL = `#!/usr/bin/env bash
set -eu
if [ "$1" = --namespace ]; then shift 2; fi
made=$RECORDING/made
mkdir -p "$made"
fails() { echo "$1" >&2; exit 1; }
case "$*" in *=/dev/stdin* | *'--filename -') cat >>"$RECORDING/input" ;; esac
echo "$*" >>"$RECORDING/calls"
last=\${!#}
folder=\${last##*/}
case "$1" in
create)
  case "$*" in *--dry-run*) echo 'kind: ConfigMap' && exit ;; esac
  [ ! -e "$made/$2-$4" ] || fails "$2 $4 already exists"
  touch "$made/$2-$4" ;;
apply)
  [ "$folder" != namespace.yaml ] || touch "$made/namespace-plimsoll"
  [ -e "$made/namespace-plimsoll" ] || fails 'namespaces "plimsoll" not found'
  case "$folder" in seed | connectivity | load-test | distributed)
    [ ! -e "$made/job-$folder" ] || fails "job $folder: spec.template: field is immutable"
    touch "$made/job-$folder" ;;
  esac ;;
delete)
  case "$*" in *--ignore-not-found*) ;; *) [ -e "$made/$2-$3" ] || fails "$2 $3 not found" ;; esac
  rm -f "$made/$2-$3"
  [ "$2" != namespace ] || rm -rf "$made" ;;
get)
  case "$*" in
  *--output=jsonpath*) echo "\${ENDS_AS:-Complete}" ;;
  *--output=name*) if [ -e "$made/$2-$3" ]; then echo "$2/$3"; fi ;;
  esac ;;
top) [ -z "\${NO_METRICS:-}" ] || fails 'error: Metrics API not available' ;;
esac
`;

/** The script of the example, with that kubectl on its PATH. */
export class RecordingCluster implements Disposable {
  readonly #home = mkdtempSync(join(tmpdir(), 'plimsoll-kubectl-'));

  constructor() {
    writeFileSync(join(this.#home, 'kubectl'), KUBECTL);
    chmodSync(join(this.#home, 'kubectl'), 0o755);
  }

  /** Runs a command of the script. Returns how it ended, and each call of kubectl, without its namespace, with paths from here. */
  run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    for (const name of ['calls', 'input']) rmSync(join(this.#home, name), { force: true });
    const { status, stdout, stderr } = spawnSync(join(MANIFESTS, 'k8s'), args, {
      encoding: 'utf8',
      env: { PATH: [this.#home, process.env['PATH']].join(delimiter), RECORDING: this.#home, ...env },
    });
    const calls = this.#text('calls')
      .replaceAll(`${resolve('.')}/`, '')
      .split('\n')
      .slice(0, -1);
    return { status, stdout, stderr, calls, input: this.#text('input') };
  }

  #text(name: string): string {
    const path = join(this.#home, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  [Symbol.dispose](): void {
    rmSync(this.#home, { recursive: true, force: true });
  }
}
