import type { Plan } from './plan.ts';

const HIDDEN = '(hidden)';

const hidden = (values: object): Record<string, string> =>
  Object.fromEntries(Object.keys(values).map((name) => [name, HIDDEN]));

/**
 * The plan without what it sends: the values of headers, queries and variables, bodies, files, and the rows of feeders. They may hold
 * passwords, and no report needs them.
 */
export const withoutValues = (plan: Plan): Plan => ({
  ...plan,
  headers: hidden(plan.headers),
  variables: hidden(plan.variables),
  files: {},
  feeders: plan.feeders.map(({ name, order, columns }) => ({ name, order, columns })),
  scenarios: withoutSent(plan.scenarios) as Plan['scenarios'],
  ...(plan.setup !== undefined && { setup: withoutSent(plan.setup) as Plan['scenarios'][number]['steps'] }),
  ...(plan.checks !== undefined && { checks: withoutSent(plan.checks) as Plan['scenarios'][number]['steps'] }),
  ...(plan.teardown !== undefined && { teardown: withoutSent(plan.teardown) as Plan['scenarios'][number]['steps'] }),
});

/** Steps at any depth, whatever kinds hold them. */
function withoutSent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSent);
  if (typeof value !== 'object' || value === null) return value;
  if ('kind' in value && value.kind === 'http') return withoutRequest(value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSent(inner)]));
}

function withoutRequest(step: object): object {
  const { headers, query, ...rest } = step as { headers: object; query: object };
  return { ...rest, body: undefined, headers: hidden(headers), query: hidden(query) };
}
