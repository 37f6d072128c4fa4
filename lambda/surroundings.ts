import { z } from 'zod';
import { parseSettings, type CloudSettings } from '../lib/run/cloud/settings.ts';

const places = z.strictObject({
  /** Address of the store: `s3://bucket`. */
  store: z.string(),
  /** Where the generator's tasks run, and of what family they are. */
  generators: z.strictObject({ cluster: z.string(), family: z.string() }),
  /** The system under test, as far as there is something to ask of. */
  system: z.strictObject({
    service: z.strictObject({ cluster: z.string(), name: z.string() }).exactOptional(),
    targetGroupArn: z.string().exactOptional(),
    loadBalancerArn: z.string().exactOptional(),
    databaseId: z.string().exactOptional(),
  }),
  /** Where people are told. */
  topicArn: z.string(),
});

export type Places = z.infer<typeof places>;

/** What the stack tells each function in its environment; that it does not is a defect. */
export function surroundings(env: Readonly<Record<string, string | undefined>>): {
  settings: CloudSettings;
  places: Places;
} {
  return {
    settings: parseSettings(env['PLIMSOLL_SETTINGS'] ?? ''),
    places: places.parse(JSON.parse(env['PLIMSOLL_PLACES'] ?? '')),
  };
}
