import type { Behaviour } from '../behaviour.ts';
import { drips, endsAfter, GOOD, head, sends } from '../replies.ts';

const HINTS = head('HTTP/1.1 103 Early Hints', 'link: </a.css>; rel=preload');
const PROCESSING = head('HTTP/1.1 102 Processing');

/** Interim replies (RFC 9110 §15.2), which are no replies, and bodies where there can be none (§6.4.1). */
export const interim: readonly Behaviour[] = [
  {
    name: '100 unasked, then the reply',
    answer: sends(head('HTTP/1.1 100 Continue'), GOOD),
    honest: 'ok',
    undici: 'protocol',
  },
  {
    name: '100 unasked for a POST, then the reply',
    answer: sends(head('HTTP/1.1 100 Continue'), GOOD),
    honest: 'ok',
    undici: 'protocol',
    step: { post: '/bad', body: 'x' },
  },
  { name: '102, then the reply', answer: sends(PROCESSING, GOOD), honest: 'ok' },
  { name: '103 three times, then the reply', answer: sends(HINTS.repeat(3), GOOD), honest: 'ok' },
  { name: '102 a hundred times, then the reply', answer: sends(PROCESSING.repeat(100), GOOD), honest: 'ok' },
  { name: '199, then the reply', answer: sends(head('HTTP/1.1 199 Strange'), GOOD), honest: 'ok' },
  {
    name: '102 again and again and no reply',
    answer: drips('', PROCESSING, 20),
    honest: 'timedOut',
    deadline: '250ms',
  },
  { name: '103 and no reply, FIN', answer: endsAfter(HINTS), honest: 'closed' },
  {
    name: '101 unasked',
    answer: sends(head('HTTP/1.1 101 Switching Protocols', 'upgrade: websocket', 'connection: upgrade')),
    honest: 'protocol',
  },
  {
    name: '101 unasked, then a reply',
    answer: sends(head('HTTP/1.1 101 Switching Protocols', 'upgrade: h2c', 'connection: upgrade'), GOOD),
    honest: 'protocol',
  },
  {
    name: 'HEAD with a content-length',
    answer: sends(head('HTTP/1.1 200 OK', 'content-length: 100')),
    honest: 'ok',
    step: { head: '/bad' },
  },
  {
    name: 'HEAD with a body',
    answer: sends(head('HTTP/1.1 200 OK', 'content-length: 5'), 'hello'),
    honest: 'ok',
    step: { head: '/bad' },
  },
  {
    name: '204 with a body',
    answer: sends(head('HTTP/1.1 204 No Content', 'content-length: 5'), 'hello'),
    honest: 'ok',
  },
  {
    name: '204 with a content-length and no body',
    answer: sends(head('HTTP/1.1 204 No Content', 'content-length: 5')),
    honest: 'ok',
  },
  {
    name: '304 with a body',
    answer: sends(head('HTTP/1.1 304 Not Modified', 'content-length: 5'), 'hello'),
    honest: 'ok',
  },
  {
    name: '304 with a content-length and no body',
    answer: sends(head('HTTP/1.1 304 Not Modified', 'content-length: 5')),
    honest: 'ok',
  },
];
