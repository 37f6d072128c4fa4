/**
 * Every suite that needs the CDK library, in one file: jest loads modules anew for each file, which for this library takes
 * seconds and hundreds of megabytes. One part alone: npm test -- test/lib/infra -t scaling
 */
await import('../../dashboards/dashboards.suite.ts');
await import('../../examples/own-app.suite.ts');
await import('./observability/alarms.suite.ts');
await import('./staging/capacity.suite.ts');
await import('../environment/cost.suite.ts');
await import('./staging/data.suite.ts');
await import('../adapters/aws/deployed-load-test.suite.ts');
await import('./deployment.suite.ts');
await import('./first-deployment.suite.ts');
await import('./environments.suite.ts');
await import('./observability/existing.suite.ts');
await import('./load-test/rights.suite.ts');
await import('./load-test/settings.suite.ts');
await import('./load-test/wiring.suite.ts');
await import('./load-test/load-test.suite.ts');
await import('./load-test/target.suite.ts');
await import('./staging/network.suite.ts');
await import('./observability/scaling-notices.suite.ts');
await import('./staging/scaling.suite.ts');
await import('./staging/service.suite.ts');
await import('./wiring.suite.ts');
