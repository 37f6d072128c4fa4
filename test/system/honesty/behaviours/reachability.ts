import type { Asked, Behaviour } from '../behaviour.ts';
import { GOOD } from '../replies.ts';

/** What a client meets of a server that dies depends on how far its request was. */
const DEAD = ['closed', 'refused', 'reset'] as const;

const diesAfter =
  (requests: number, backAfterMs?: number) =>
  ({ socket, server }: Asked): Behaviour['honest'] => {
    if (server.account.total !== requests) {
      socket.write(GOOD);
      return 'ok';
    }
    server.die();
    // Where another has taken the port meanwhile it stays away, which is met as a refusal, too.
    if (backAfterMs !== undefined) setTimeout(() => void server.comeBack().catch(() => undefined), backAfterMs);
    return DEAD;
  };

/** Servers that are not there, never, not any more, or not for a while; and requests that can't be made. */
export const reachability: readonly Behaviour[] = [
  { name: 'nothing listens', listen: { instead: 'nobody' }, everywhere: true, honest: 'ok', unread: ['refused'] },
  // A label of more than 63 bytes is no name (RFC 1035 §2.3.4): refused without asking a network that may not be there.
  {
    name: 'a name without an address',
    listen: { host: `${'a'.repeat(64)}.invalid` },
    everywhere: true,
    honest: 'ok',
    unread: ['dns'],
  },
  { name: 'dies in mid-run', everywhere: true, answer: diesAfter(10), honest: 'ok', unread: DEAD },
  { name: 'dies in mid-run and comes back', everywhere: true, answer: diesAfter(8, 60), honest: 'ok', unread: DEAD },
  {
    name: 'does not accept, and its backlog is full',
    listen: { instead: 'a frozen process' },
    everywhere: true,
    honest: 'ok',
    unread: ['timedOut'],
    deadline: '250ms',
  },
  {
    name: 'a header that cannot be sent',
    step: { get: '/bad', headers: { 'x-bad': 'two\r\nlines' } },
    honest: 'ok',
    unread: ['request'],
  },
];
