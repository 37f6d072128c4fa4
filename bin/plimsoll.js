#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Compiled code is stored between runs, for threads and child processes too: starting takes half the CPU and a third less memory.
// It lies beside the code and not in the system's temporary folder, where another user could put code of their own. What is imported
// before this line is compiled again every time, so everything else is imported after it. For the same reason this file is JavaScript:
// taking the types out of it would cost more than all that follows.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('../node_modules/.cache/plimsoll', import.meta.url));
enableCompileCache(process.env['NODE_COMPILE_CACHE']);

await import('./program/main.ts');
