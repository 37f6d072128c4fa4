import { expect, test } from '@jest/globals';
import { x } from '../../lib/units.ts';
test('x', () => { expect(x(1)).toBe(1); });
