import { namesUser } from '../../document/passwords.ts';
import { problemIf, quote, type Problem } from '../../document/problems.ts';
import { asRecord, asText, type Draft } from '../draft.ts';
import type { CheckContext } from './check.ts';

/** A proxy that would not be used as it is written, or shows a password. */
export function checkProxy(draft: Draft, { env }: CheckContext): Problem[] {
  const { proxy } = draft;
  const whole = asText(proxy);
  const path = whole === undefined ? ['proxy', 'url'] : ['proxy'];
  const address = whole ?? asText(asRecord(proxy)['url']) ?? '';
  const credentials = asText(asRecord(proxy)['credentials']);
  return [
    ...problemIf(
      namesUser(address),
      path,
      'holds a user name; write { url, credentials: NAME }, an environment variable that holds user:password',
    ),
    ...problemIf(
      !namesUser(address) && /^http:\/\/[^/]*\/.|[?#]/i.test(address),
      path,
      `${quote(address)} holds more than host and port, which a proxy is not asked for; remove it`,
    ),
    ...problemIf(
      proxy !== undefined && draft['http2'] === true,
      ['http2'],
      'is not spoken by way of a proxy; remove http2 or proxy',
    ),
    ...lacking(credentials, env),
  ];
}

const lacking = (name: string | undefined, env: CheckContext['env']): Problem[] =>
  name === undefined || name === '' || env[name] !== undefined
    ? []
    : [
        {
          path: ['proxy', 'credentials'],
          isOfEnvironment: true,
          text: `the environment variable ${name} is not set; set it to user:password`,
        },
      ];
