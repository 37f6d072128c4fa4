/* Draws the courses of one run while it goes on, or of several laid over each other. */

const number = (value) =>
  value.toLocaleString('en-GB', {
    maximumFractionDigits: Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2,
    signDisplay: 'negative',
  });
const time = (us) => {
  if (us < 999.5) return `${number(Math.round(us))} µs`;
  return us < 999_500 ? `${number(us / 1e3)} ms` : `${number(us / 1e6)} s`;
};
const formats = {
  us: time,
  ratio: (value) => `${number(value * 100)} %`,
  perSecond: (value) => `${number(value)}/s`,
  count: number,
};
const tone = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const dark = matchMedia('(prefers-color-scheme: dark)');
const element = (name, more = {}, children = []) => {
  const made = Object.assign(document.createElement(name), more);
  made.append(...children);
  return made;
};

/* `column` of a row, see PointRow. */
const line = (label, toneName, column, dashed = false) => ({ label, tone: toneName, column, dashed });
/* Whole seconds only, and at the beginning ten of them. */
const SECONDS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400];

const ONE = [
  {
    title: 'Response time',
    unit: 'us',
    lines: [line('p50', 'p50', 1), line('p95', 'p95', 2), line('p99', 'p99', 3)],
  },
  {
    title: 'Offered and carried',
    unit: 'perSecond',
    lines: [line('offered, arrivals', 'offered', 4, true), line('carried, successful requests', 'carried', 5)],
  },
  { title: 'Error ratio', unit: 'ratio', lines: [line('errors', 'errors', 6)] },
  { title: 'Under way', unit: 'count', lines: [line('users', 'users', 7)] },
];

const plots = [];
const optionsOf = (width, { unit, lines }) => {
  const axis = { stroke: tone('soft'), font: '12px system-ui, sans-serif', ticks: { show: false } };
  const [seconds, values] = [(_, at) => at.map((value) => `${number(value)} s`), (_, at) => at.map(formats[unit])];
  return {
    width,
    height: 200,
    padding: [12, 16, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: true, y: false }, sync: { key: 'run' } },
    scales: {
      x: { time: false, range: (_, low, high) => [Math.min(low ?? 0, 0), Math.max(high ?? 0, 10)] },
      y: { range: (_, __, high) => [0, high > 0 ? high * 1.06 : 1] },
    },
    axes: [
      { ...axis, incrs: SECONDS, size: 26, gap: 4, grid: { show: false }, values: seconds },
      { ...axis, size: 64, gap: 6, grid: { stroke: tone('rule'), width: 1 }, values },
    ],
    series: [{}, ...lines.map((each) => ({ stroke: tone(each.tone), width: 2, dash: each.dashed ? [5, 4] : [] }))],
  };
};

function legendEntry({ label, tone: toneName, dashed }) {
  const swatch = element('i', { className: dashed ? 'swatch dashed' : 'swatch' });
  swatch.style.setProperty('--tone', `var(--${toneName})`);
  const value = element('span', { className: 'value' });
  return { entry: element('li', {}, [swatch, `${label} `, value]), value };
}

/* The latest values, beside the lines' names and for those who don't see the drawing. */
function showLatest(plot, entries, { title, unit, lines }, data) {
  const latest = lines.map(({ label }, at) => {
    const known = data[at + 1].findLast((value) => typeof value === 'number');
    entries[at].value.textContent = known === undefined ? '–' : formats[unit](known);
    return `${label} ${entries[at].value.textContent}`;
  });
  plot.setAttribute('aria-label', `${title}, latest: ${latest.join('; ')}`);
}

function chart(place, drawn) {
  const plot = element('div', { className: 'plot' });
  plot.setAttribute('role', 'img');
  const entries = drawn.lines.map(legendEntry);
  const legend = element(
    'ul',
    { className: 'legend' },
    entries.map(({ entry }) => entry),
  );
  const caption = element('figcaption', {}, [element('h2', { textContent: drawn.title })]);
  place.append(element('figure', { className: 'chart' }, [caption, plot, legend]));
  let made;
  let data = [[], ...drawn.lines.map(() => [])];
  const show = (next) => {
    data = next;
    plot.dataset.points = String(data[0].length);
    if (made === undefined) made = new uPlot(optionsOf(plot.clientWidth, drawn), data, plot);
    else made.setData(data);
    showLatest(plot, entries, drawn, data);
  };
  const redraw = () => {
    made?.destroy();
    made = undefined;
    show(data);
  };
  plots.push({ resize: () => made?.setSize({ width: plot.clientWidth, height: 200 }), redraw });
  return show;
}

const charts = document.getElementById('charts');
const live = document.getElementById('live');
const laidOver = document.getElementById('laid-over');

function follow() {
  const shows = ONE.map((each) => chart(charts, each));
  const rows = [];
  const source = new EventSource(live.dataset.events);
  source.addEventListener('message', ({ data }) => {
    const message = JSON.parse(data);
    rows.splice(message.from, rows.length, ...message.rows);
    const xs = rows.map(([at]) => at);
    ONE.forEach(({ lines }, at) => shows[at]([xs, ...lines.map(({ column }) => rows.map((row) => row[column]))]));
    document.getElementById('panel').textContent = message.panel.join('\n');
    const phase = message.phases.map(({ name, verdict }) => `${name}: ${verdict}`).join(' · ');
    const place = document.getElementById('phase');
    /* Only what has changed is read out. */
    if (place.textContent !== phase) place.textContent = phase;
    if (message.search !== undefined) showSearch(message.search);
    if (!message.isOver) return;
    source.close();
    document.getElementById('stop')?.remove();
    if (document.getElementById('report').hidden) location.reload();
  });
}

function showSearch({ sentence, interval, probes }) {
  document.getElementById('search').hidden = false;
  document.getElementById('so-far').textContent = sentence;
  const entries = probes.map(({ rate, verdict }) =>
    element('li', { className: verdict, textContent: `${rate}: ${verdict}` }),
  );
  document.getElementById('probes').replaceChildren(...entries);
  if (interval === undefined) return;
  const [low, high] = interval;
  const bar = element('div', { className: 'bar' });
  const highest = Math.max(high, ...probes.map(({ rate }) => Number.parseFloat(rate.replaceAll(',', '')))) * 1.05;
  bar.style.marginLeft = `${(100 * low) / highest}%`;
  bar.style.width = `${Math.max(0.5, (100 * (high - low)) / highest)}%`;
  document.getElementById('bracket').replaceChildren(bar);
}

/* Each run on its own seconds, so the x values are all that occur. */
function layOver(runs) {
  const tones = ['p99', 'service', 'users', 'error3', 'p95', 'errors', 'offered'];
  const xs = [...new Set(runs.flatMap(({ rows }) => rows.map(([at]) => Math.round(at))))].sort((a, b) => a - b);
  for (const [title, unit, column] of [
    ['p50 of response time', 'us', 1],
    ['p99 of response time', 'us', 3],
    ['Carried', 'perSecond', 5],
    ['Error ratio', 'ratio', 6],
  ]) {
    const lines = runs.map(({ id, isRun }, at) => line(id, tones[at % tones.length], column, !isRun));
    const values = runs.map(({ rows }) => {
      const byTime = new Map(rows.map((row) => [Math.round(row[0]), row[column]]));
      return xs.map((at) => byTime.get(at) ?? null);
    });
    chart(charts, { title, unit, lines })([xs, ...values]);
  }
}

if (live !== null) follow();
if (laidOver !== null) layOver(JSON.parse(laidOver.textContent));
dark.addEventListener('change', () => plots.forEach(({ redraw }) => redraw()));
new ResizeObserver(() => plots.forEach(({ resize }) => resize())).observe(charts);
