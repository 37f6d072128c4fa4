#!/usr/bin/env node
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

// As in package.json, which costs too much to be read every time. Older ones know neither the cache nor types; and sources, unlike
// what the package holds, keep `using` (V8 13.6), which Node has since 24.
const isCheckout = existsSync(new URL('../tsconfig.json', import.meta.url));
const LEAST = isCheckout ? '24.0' : '22.19';
const [[major = 0, minor = 0], [leastMajor = 0, leastMinor = 0]] = [process.versions.node, LEAST].map((version) =>
  version.split('.').map(Number),
);
if (major < leastMajor || (major === leastMajor && minor < leastMinor)) {
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
