import { emf } from './emf.ts';
import type { Output } from './output.ts';

/** Every output of live figures. A new one is a file and its line here. */
export const outputs: readonly Output[] = [emf];
