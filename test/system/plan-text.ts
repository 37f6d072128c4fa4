/** What a plan of one short phase says otherwise than usual. */
interface Parts {
  readonly target?: string;
  readonly step?: string;
  readonly load?: string;
  readonly top?: string;
}

export const planOf = ({ target, step, load, top }: Parts): string => `name: bad input
target: ${target ?? 'http://127.0.0.1:1'}
${top ?? 'seed: 1'}
scenarios:
  - { name: all, steps: [${step ?? '{ get: / }'}] }
phases:
  - { name: one, kind: sustained, duration: 300ms, ${load ?? 'open: { rate: 50 }'} }
`;

/** Codes that a text names at the beginning of a line. */
export const codesIn = (text: string): string[] =>
  Array.from(text.matchAll(/^(E-[A-Z-]+): /gm), ([, code]) => code ?? '');
