/** Pieces of a test plan of JMeter. */
export const element = (tag: string, name: string, properties: string, children = ''): string =>
  `<${tag} testname="${name}" enabled="true">${properties}</${tag}>\n<hashTree>${children}</hashTree>\n`;
export const prop = (name: string, value: string | number): string =>
  `<stringProp name="${name}">${value}</stringProp>`;
export const plan = (children: string): string =>
  `<?xml version="1.0"?>\n<jmeterTestPlan version="1.2">\n<hashTree>\n${element('TestPlan', 'Shop', '', children)}</hashTree>\n</jmeterTestPlan>`;

export const argument = (name: string, value: string): string =>
  `<elementProp name="${name}">${prop('Argument.name', name)}${prop('Argument.value', value)}</elementProp>`;
export const args = (...list: string[]): string =>
  `<elementProp name="HTTPsampler.Arguments"><collectionProp name="Arguments.arguments">${list.join('')}</collectionProp></elementProp>`;
export const request = (name: string, method: string, path: string, properties = '', children = ''): string =>
  element(
    'HTTPSamplerProxy',
    name,
    prop('HTTPSampler.method', method) + prop('HTTPSampler.path', path) + properties,
    children,
  );
export const group = (
  name: string,
  threads: number,
  ramp: number,
  loops: number,
  children: string,
  more = '',
): string =>
  element(
    'ThreadGroup',
    name,
    `${prop('ThreadGroup.on_sample_error', 'continue')}<elementProp name="ThreadGroup.main_controller">${prop('LoopController.loops', loops)}</elementProp>${prop('ThreadGroup.num_threads', threads)}${prop('ThreadGroup.ramp_time', ramp)}${more}`,
    children,
  );
export const defaults = element(
  'ConfigTestElement',
  'defaults',
  prop('HTTPSampler.domain', 'shop.example.test') + prop('HTTPSampler.protocol', 'https'),
);
