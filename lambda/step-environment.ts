import {
  type PlacesOf,
  type SettingsOf,
  type StepName,
  stepPlaces,
  stepSettings,
} from '../lib/run/workflow/settings.ts';

/** A step's settings, from the variables that the stack gives its function; that they are missing is a defect. */
export function stepEnvironment<Step extends StepName>(
  step: Step,
  env: Readonly<Record<string, string | undefined>>,
): { settings: SettingsOf<Step>; places: PlacesOf<Step> } {
  const read = (name: string): unknown => JSON.parse(env[name] ?? '');
  return {
    settings: stepSettings[step].parse(read('PLIMSOLL_SETTINGS')) as SettingsOf<Step>,
    places: stepPlaces[step].parse(read('PLIMSOLL_PLACES')) as PlacesOf<Step>,
  };
}
