import {
  type PlacesOf,
  type SettingsOf,
  type StepName,
  stepPlaces,
  stepSettings,
} from '../lib/run/workflow/settings.ts';

/** What the stack tells the function of a step in its variables; that it does not is a defect. */
export function surroundings<Step extends StepName>(
  step: Step,
  env: Readonly<Record<string, string | undefined>>,
): { settings: SettingsOf<Step>; places: PlacesOf<Step> } {
  const read = (name: string): unknown => JSON.parse(env[name] ?? '');
  return {
    settings: stepSettings[step].parse(read('PLIMSOLL_SETTINGS')) as SettingsOf<Step>,
    places: stepPlaces[step].parse(read('PLIMSOLL_PLACES')) as PlacesOf<Step>,
  };
}
