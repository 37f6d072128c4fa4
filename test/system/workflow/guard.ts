import type { Definition, State } from './definitions.ts';

/** Fields that a state of any kind may have, and that the local executor heeds. */
const ANY = ['Type', 'Comment', 'Next', 'End', 'InputPath', 'OutputPath'];
const RESULT = ['Parameters', 'ResultSelector', 'ResultPath'];
const ERRORS = ['Retry', 'Catch'];

/** By type, all that the local executor heeds; what is not here it would ignore in silence, and a test with it. */
const HEEDED: Readonly<Record<string, readonly string[]>> = {
  Task: [...RESULT, ...ERRORS, 'Resource', 'TimeoutSeconds', 'TimeoutSecondsPath'],
  Map: [...RESULT, ...ERRORS, 'ItemsPath', 'ItemSelector', 'ItemProcessor', 'MaxConcurrency', 'MaxConcurrencyPath'],
  Parallel: [...RESULT, ...ERRORS, 'Branches'],
  Pass: [...RESULT, 'Result'],
  Choice: ['Choices', 'Default'],
  Wait: ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'],
  Succeed: [],
  Fail: ['Error', 'ErrorPath', 'Cause', 'CausePath'],
};

const OF_MACHINE = new Set(['StartAt', 'States', 'Comment', 'TimeoutSeconds', 'ProcessorConfig']);

/** Everything in a definition that the local executor would ignore or fail on, each as a sentence with its place. */
export function unheeded(definition: Definition, place = ''): string[] {
  const machine = Object.keys(definition).filter((field) => !OF_MACHINE.has(field));
  const mode = (definition['ProcessorConfig'] as { Mode?: string } | undefined)?.Mode ?? 'INLINE';
  return [
    ...machine.map((field) => `${place}: ${field}`),
    ...(mode === 'INLINE' ? [] : [`${place}: ProcessorConfig.Mode ${mode}`]),
    ...Object.entries(definition.States).flatMap(([name, state]) => inState(state, `${place}/${name}`)),
  ];
}

function inState(state: State, place: string): string[] {
  const heeded = new Set([...ANY, ...(HEEDED[state.Type] ?? [])]);
  const fields = Object.keys(state).filter((field) => !heeded.has(field));
  const token = /waitForTaskToken/.test(state.Resource ?? '') || JSON.stringify(state).includes('$$.Task.Token');
  return [
    ...fields.map((field) => `${place}: ${field}`),
    ...(token ? [`${place}: task token`] : []),
    ...(state.ItemProcessor === undefined ? [] : unheeded(state.ItemProcessor, place)),
  ];
}
