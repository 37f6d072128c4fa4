import { artillery } from './artillery.ts';
import { autocannon } from './autocannon.ts';
import { hey } from './hey.ts';
import { k6 } from './k6.ts';
import { locust } from './locust.ts';
import { oha } from './oha.ts';
import type { Peer } from './peer.ts';
import { plimsoll } from './plimsoll.ts';
import { vegeta } from './vegeta.ts';
import { wrk, wrk2 } from './wrk.ts';

/** Every generator that is compared, Plimsoll first: the others are told as ratios to it. */
export const peers: readonly Peer[] = [plimsoll, wrk, wrk2, oha, hey, vegeta, autocannon, k6, artillery, locust];
