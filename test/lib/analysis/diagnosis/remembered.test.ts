import { expect, test } from '@jest/globals';
import { remembered } from '../../../../lib/analysis/diagnosis/remembered.ts';

test('a conclusion is drawn once for each object, and another is not taken for it', () => {
  const drawn: object[] = [];
  const conclude = remembered((from: { readonly of: number }) => {
    drawn.push(from);
    return from.of > 1 ? undefined : [from.of];
  });
  const [one, same, two] = [{ of: 1 }, { of: 1 }, { of: 2 }];
  expect([one, one, same, two, two].map(conclude)).toEqual([[1], [1], [1], undefined, undefined]);
  expect(conclude(one)).toBe(conclude(one));
  expect(drawn).toEqual([one, same, two]);
});
