import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseTemplate, type Piece } from '../../lib/plan/template.ts';

const literal = fc.string({ minLength: 1 }).filter((text) => !text.includes('{') && !text.includes('}'));
const name = fc.stringMatching(/^[A-Za-z_][\w-]{0,8}$/);

const pieces: fc.Arbitrary<Piece> = fc.oneof(
  literal.map((text) => ({ kind: 'text' as const, text })),
  name.map((each) => ({ kind: 'variable' as const, name: each })),
  fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => ({
    kind: 'call' as const,
    name: '$randomInt' as const,
    args: [String(Math.min(a, b)), String(Math.max(a, b))],
  })),
);

function write(piece: Piece): string {
  if (piece.kind === 'text') return piece.text;
  if (piece.kind !== 'variable' && piece.kind !== 'call') throw new Error('no such piece is made here');
  return piece.kind === 'variable' ? `{{ ${piece.name} }}` : `{{${piece.name}(${piece.args.join(',')})}}`;
}

/** Literals side by side are one literal. */
const joined = (list: readonly Piece[]): Piece[] => {
  const out: Piece[] = [];
  for (const piece of list) {
    const last = out.at(-1);
    if (piece.kind === 'text' && last?.kind === 'text')
      out[out.length - 1] = { kind: 'text', text: last.text + piece.text };
    else out.push(piece);
  }
  return out;
};

test('what is written is what is read', () => {
  fc.assert(
    fc.property(fc.array(pieces, { minLength: 1 }), (list) => {
      expect(parseTemplate(list.map(write).join(''))).toEqual({ pieces: joined(list), problems: [] });
    }),
  );
});

test('any text is pieces and problems, never a throw, and loses no letter outside of templates', () => {
  const unit = fc.constantFrom('{{', '}}', '{', '}', ' ', 'a', '$uuid', '(', ')', '.');
  fc.assert(
    fc.property(
      fc.array(unit).map((units) => units.join('')),
      (text) => {
        const { pieces: found, problems } = parseTemplate(text);
        const literals = found.flatMap((piece) => (piece.kind === 'text' ? [piece.text] : []));
        expect(found.length + problems.length).toBeGreaterThan(0);
        expect(literals.every((each) => text.includes(each))).toBe(true);
        expect(text.includes('{{') || literals.join('') === text).toBe(true);
      },
    ),
  );
});
