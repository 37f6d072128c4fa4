/** Every suite that needs the synthesised workflow, in one file: the CDK library is loaded once for all of them. */
await import('./branches.suite.ts');
await import('./breaks.suite.ts');
await import('./broken-off.suite.ts');
await import('./guard.suite.ts');
await import('./once.suite.ts');
await import('./real-load.suite.ts');
await import('./refusals.suite.ts');
await import('./rights.suite.ts');
