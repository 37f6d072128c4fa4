/**
 * Every suite that needs the CDK library, in one file: jest loads modules anew for each file, which for this library takes
 * seconds and hundreds of megabytes. One part alone: npm test -- test/lib/infra -t scaling
 */
await import('../../dashboards/dashboards.suite.ts');
await import('../../examples/own-app.suite.ts');
await import('./alarms.suite.ts');
await import('./capacity.suite.ts');
await import('./cost.suite.ts');
await import('./data.suite.ts');
await import('./environments.suite.ts');
await import('./existing.suite.ts');
await import('./load-test-rights.suite.ts');
await import('./load-test-settings.suite.ts');
await import('./load-test-wiring.suite.ts');
await import('./load-test.suite.ts');
await import('./network.suite.ts');
await import('./scaling-notices.suite.ts');
await import('./scaling.suite.ts');
await import('./service.suite.ts');
await import('./wiring.suite.ts');
