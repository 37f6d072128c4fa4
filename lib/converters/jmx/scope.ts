import type { Pair } from '../building/request.ts';
import { EXTRACTORS } from './checks.ts';
import type { SamplerContext } from './sampler.ts';
import { isTimer } from './timers.ts';
import type { TestElement, XmlNode } from './tree.ts';

/** What holds for all samplers below a place of the tree, the nearest first. */
export interface SamplerScope {
  readonly defaults: readonly XmlNode[];
  readonly headers: readonly XmlNode[];
  readonly auths: readonly XmlNode[];
  readonly timers: readonly TestElement[];
  readonly after: readonly TestElement[];
  readonly prefix: string;
}

export const EMPTY_SCOPE: SamplerScope = { defaults: [], headers: [], auths: [], timers: [], after: [], prefix: '' };

/** What looks at the reply of each sampler in its scope. */
export const isCheck = ({ kind }: TestElement): boolean =>
  kind in EXTRACTORS || kind.endsWith('Assertion') || /Extractor$|PostProcessor$/.test(kind);
/** The scope of what stands beside each other: what configures comes before all, wherever it stands. */
export function scopeWithin(children: readonly TestElement[], outer: SamplerScope): SamplerScope {
  const nodesOf = (test: (element: TestElement) => boolean): XmlNode[] => children.filter(test).map(({ node }) => node);
  return {
    ...outer,
    defaults: [
      ...nodesOf(
        ({ kind, node }) =>
          kind === 'ConfigTestElement' && !/Ftp|Tcp|Ldap|Jdbc/i.test(node.attributes['guiclass'] ?? ''),
      ),
      ...outer.defaults,
    ],
    headers: [...nodesOf(({ kind }) => kind === 'HeaderManager'), ...outer.headers],
    auths: [...nodesOf(({ kind }) => kind === 'AuthManager'), ...outer.auths],
    timers: [...outer.timers, ...children.filter(isTimer)],
    after: [...outer.after, ...children.filter(isCheck)],
  };
}

const pairsOfManager = (manager: XmlNode): Pair[] =>
  manager
    .items('HeaderManager.headers')
    .flatMap((each): Pair[] =>
      each.value('Header.name') === '' ? [] : [[each.value('Header.name'), each.value('Header.value')]],
    );

/** The headers of all managers in whose scope a sampler is; of a name the nearest counts. */
export function headersIn({ headers, auths }: SamplerScope, line: number, context: SamplerContext): Pair[] {
  const found = new Map<string, Pair>();
  for (const [name, value] of headers.flatMap(pairsOfManager))
    if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), [name, headerText(name, value, line, context)]);
  const isAuthorized = auths.some((auth) => auth.items('AuthManager.auth_list').length > 0);
  if (isAuthorized && !found.has('authorization')) {
    context.notes.noted(line, 'BASIC_CREDENTIALS is the base64 of user:password');
    found.set('authorization', ['authorization', `Basic ${context.secrets.variable('BASIC_CREDENTIALS')}`]);
  }
  return [...found.values()];
}

function headerText(name: string, value: string, line: number, { texts, secrets }: SamplerContext): string {
  if (value.includes('${')) return texts.text(value, line);
  if (/^(?:proxy-)?authorization$/i.test(name)) return secrets.hideCredentials(name, value);
  return secrets.hideIfSecret(name, value) ?? texts.text(value, line);
}
