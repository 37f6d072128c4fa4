#!/usr/bin/env node
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

// As in package.json, which costs too much to be read every time. Older ones know neither the cache nor types.
const LEAST = '22.19';
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `E-MACHINE: Plimsoll needs Node ${LEAST} or newer, and this is ${process.versions.node}.\n` +
      '  Install a newer one from https://nodejs.org, or run npm ci in a checkout and then npm run -s plimsoll.\n',
  );
  process.exit(13);
}

// Compiled code is stored between runs, for threads and child processes too: starting takes half the CPU and a third less memory.
// It lies beside the code and not in the system's temporary folder, where another user could put code of their own. What is imported
// before this line is compiled again every time, so everything else is imported after it. For the same reason this file is JavaScript:
// taking the types out of it would cost more than all that follows.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('../node_modules/.cache/plimsoll', import.meta.url));
nodeModule.enableCompileCache(process.env['NODE_COMPILE_CACHE']);

await import('./program/main.ts');
