import type { Environment } from './environment.ts';

/** What can be deployed and is most likely no intention, in sentences. */
export function warningsOf({ notifications }: Environment, name: string): string[] {
  const silent = (['page', 'notice'] as const).filter((severity) => notifications[severity].length === 0);
  if (silent.length === 0) return [];
  const fields = silent.map((severity) => `notifications.${severity}`).join(' and ');
  const what =
    silent.length === 2 ? 'no alarm and no result' : silent[0] === 'page' ? 'no page' : 'no notice and no result';
  return [
    `config/${name}.yaml: ${fields} ${silent.length === 1 ? 'is' : 'are'} empty, so ${what} reaches anyone; add an address`,
  ];
}
