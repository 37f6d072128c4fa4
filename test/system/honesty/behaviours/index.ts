import type { Behaviour } from '../behaviour.ts';
import { bodies } from './bodies.ts';
import { chunks } from './chunks.ts';
import { connections } from './connections.ts';
import { content } from './content.ts';
import { heads } from './heads.ts';
import { interim } from './interim.ts';
import { reachability } from './reachability.ts';
import { statuses } from './statuses.ts';
import { tls } from './tls.ts';
import { unsolicited } from './unsolicited.ts';

/** Every behaviour by its class. */
export const behaviours: Readonly<Record<string, readonly Behaviour[]>> = {
  bodies,
  chunks,
  heads,
  interim,
  statuses,
  content,
  unsolicited,
  connections,
  reachability,
  tls,
};
