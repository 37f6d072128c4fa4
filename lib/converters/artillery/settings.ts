import { asRecord, type Draft } from '../../plan/draft.ts';
import type { PlanInput } from '../../plan/schema.ts';
import { durationText } from './durations.ts';
import type { VariableNames } from './names.ts';
import type { Remarks } from './remarks.ts';
import { cookieText, headerTexts } from './request.ts';

/** What requests have by default, below `config` or `config.http`. */
export const defaultsOf = (config: Draft): Draft => ({
  ...asRecord(config['defaults']),
  ...asRecord(asRecord(config['http'])['defaults']),
});

interface SettingsContext {
  readonly names: VariableNames;
  readonly remarks: Remarks;
}

/** What a configuration says of every request. */
export function scriptSettings(
  target: string | undefined,
  config: Draft,
  context: SettingsContext,
): Partial<PlanInput> {
  const { names, remarks } = context;
  const [http, defaults] = [asRecord(config['http']), defaultsOf(config)];
  const seconds = Number(names.fixed(config['timeout'] ?? http['timeout'], ['config', 'http', 'timeout']));
  const headers = headerTexts(defaults['headers'], ['config', 'defaults', 'headers'], context);
  const cookie = cookieText(defaults['cookie'], ['config', 'defaults', 'cookie'], names);
  if (cookie !== '') headers['cookie'] = cookie;
  if (seconds > 0)
    remarks.changed(
      ['config', 'http', 'timeout'],
      'the time-out is of the whole reply; in Artillery of its first byte',
    );
  return {
    ...targetOf(target, remarks),
    ...(seconds > 0 && { timeout: durationText(seconds * 1000) }),
    onFail: 'next',
    redirects: 'follow',
    ...(http['pool'] === undefined && { connections: 'per-user' as const }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(asRecord(config['tls'])['rejectUnauthorized'] === false && { tls: { insecure: true } }),
  };
}

function targetOf(target: string | undefined, remarks: Remarks): Pick<PlanInput, 'target'> {
  if (target !== undefined && /^https?:$/.test(URL.parse(target)?.protocol ?? ''))
    return { target: target.replace(/\/$/, '') };
  remarks.changed(['config', 'target'], 'the script names no target of HTTP; the plan wants --target');
  return {};
}
