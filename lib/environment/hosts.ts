/**
 * Below which anybody may have a name of their own: a wildcard there would let strangers' hosts be loaded. Registries first, then
 * platforms that hand names out. An excerpt of the Public Suffix List (publicsuffix.org), both of its parts, beside which every name of
 * one label counts as a registry.
 */
const REGISTRIES = [
  ...['ac', 'co', 'gov', 'ltd', 'me', 'net', 'nhs', 'org', 'plc', 'sch'].map((label) => `${label}.uk`),
  ...['com', 'edu', 'gov', 'id', 'net', 'org'].map((label) => `${label}.au`),
  ...['com', 'edu', 'gov', 'net', 'org'].flatMap((label) =>
    ['ar', 'br', 'cn', 'hk', 'mx', 'my', 'ng', 'pl', 'sg', 'tr', 'tw', 'ua', 'vn'].map(
      (country) => `${label}.${country}`,
    ),
  ),
  ...['ac', 'co', 'go', 'ne', 'or'].flatMap((label) =>
    ['id', 'il', 'jp', 'ke', 'kr', 'nz', 'th', 'za'].map((country) => `${label}.${country}`),
  ),
  ...['co', 'net', 'org', 'gov', 'ac'].map((label) => `${label}.in`),
];

/** One label below each belongs to one customer, and all below that label with it. */
const ONE_LABEL = [
  'appspot.com run.app web.app firebaseapp.com cloudfunctions.net',
  'azurewebsites.net azurefd.net azureedge.net azurecontainerapps.io azure-api.net trafficmanager.net',
  'cloudfront.net elasticbeanstalk.com awsapprunner.com amplifyapp.com awsglobalaccelerator.com',
  'github.io gitlab.io pages.dev workers.dev trycloudflare.com fastly.net edgekey.net akamaiedge.net',
  'herokuapp.com herokudns.com vercel.app netlify.app fly.dev onrender.com render.com railway.app',
  'ondigitalocean.app ngrok.io ngrok.app ngrok.dev ngrok-free.app ngrok-free.dev loca.lt duckdns.org',
].flatMap((names) => names.split(' '));

/** Names are handed out at every depth below these: by region, by service, by account. */
const ANY_DEPTH = [
  'amazonaws.com',
  'amazonaws.com.cn',
  'on.aws',
  'api.aws',
  'cloudapp.azure.com',
  'windows.net',
  'nip.io',
  'sslip.io',
];

/** Whether an entry of an allow-list, `shop.example.org` or `*.example.org`, covers a host, which is written small as in a URL. */
export function coversHost(allowed: string, host: string): boolean {
  // A load balancer's own name has capitals.
  const name = allowed.toLowerCase();
  return name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name;
}

const isWithin = (name: string, domain: string): boolean => name === domain || name.endsWith(`.${domain}`);

/**
 * The domain below which strangers may have names that the wildcard (`*.example.org`) covers; undefined for a host's name, and for a
 * wildcard below a domain of one's own.
 */
export function sharedDomainOf(allowed: string): string | undefined {
  if (!allowed.startsWith('*.')) return undefined;
  const base = allowed.slice(2).toLowerCase();
  if (!base.includes('.')) return base;
  const deep = ANY_DEPTH.find((domain) => isWithin(base, domain));
  return deep ?? [...REGISTRIES, ...ONE_LABEL, ...ANY_DEPTH].find((domain) => isWithin(domain, base));
}
