/* Makes the drawings of report.html live: hover, zoom, one time axis for all. Without it the page stands as it is. */

const data = JSON.parse(document.getElementById('chart-data').textContent);
const { frame } = data;
const whole = [0, frame.totalSeconds];
const dark = matchMedia('(prefers-color-scheme: dark)');
const mounted = [];
let view = whole;

/* The same words as lib/report/numbers.ts finds: a test evaluates these lines, up to `formats`, and compares the two. */
const number = (value) =>
  value.toLocaleString('en-GB', {
    maximumFractionDigits: Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2,
    signDisplay: 'negative',
  });
const time = (us) => {
  if (us < 999.5) return `${number(Math.round(us))} µs`;
  return us < 999_500 ? `${number(us / 1e3)} ms` : `${number(us / 1e6)} s`;
};
const bytes = (value) => {
  const power = value < 1 ? 0 : Math.min(4, Math.floor(Math.log2(value) / 10));
  return `${number(value / 1024 ** power)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][power]}`;
};
const percent = (ratio) => {
  const value = ratio * 100;
  return value > 0 && value < 0.01 ? '< 0.01 %' : `${number(value)} %`;
};
const formats = { us: time, ratio: percent, bytes, perSecond: (value) => `${number(value)}/s`, count: number };
const two = (value) => String(value).padStart(2, '0');
const clock = (seconds) => {
  const minutes = Math.floor(seconds / 60);
  if (frame.totalSeconds <= 180) return `${number(seconds)} s`;
  if (frame.totalSeconds <= 7200) return `${minutes}:${two(Math.floor(seconds % 60))}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)} h`;
};
const tone = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const linearRange = (chart) => (_, __, high) => {
  const top = Math.max(high ?? 0, chart.limit ?? 0);
  if (chart.unit === 'ratio' && top > 0.2 && top <= 1) return [0, 1];
  return [0, top > 0 ? top * 1.06 : 1];
};
const logRange = (_, low, high) => (high > 0 ? uPlot.rangeLog(Math.max(low, 1), high, 10, false) : [1, 10]);

const drawBands = (chart) => (plot) => {
  const { ctx, bbox } = plot;
  const at = (seconds) => Math.min(bbox.left + bbox.width, Math.max(bbox.left, plot.valToPos(seconds, 'x', true)));
  ctx.save();
  ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  frame.bands.forEach((band, index) => {
    const [from, to] = [at(band.from), at(band.to)];
    if (index % 2 === 1) {
      ctx.fillStyle = tone('wash');
      ctx.fillRect(from, bbox.top, to - from, bbox.height);
    }
    if (chart.size === 'small') return;
    ctx.fillStyle = tone('soft');
    ctx.fillText(fitted(ctx, band.name, to - from - 6), from + 3 * devicePixelRatio, bbox.top - 7 * devicePixelRatio);
  });
  ctx.restore();
};
const fitted = (ctx, text, width) => {
  if (ctx.measureText(text).width <= width) return text;
  let cut = text;
  while (cut !== '' && ctx.measureText(`${cut}…`).width > width) cut = cut.slice(0, -1);
  return cut.length < 2 ? '' : `${cut}…`;
};

const stroke = (plot, colour, path, dash) => {
  const { ctx } = plot;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.setLineDash(dash.map((length) => length * devicePixelRatio));
  ctx.beginPath();
  ctx.moveTo(path[0], path[1]);
  ctx.lineTo(path[2], path[3]);
  ctx.stroke();
  ctx.restore();
};
const nameMark = ({ ctx, bbox }, label, x) => {
  const late = x > bbox.left + bbox.width * 0.25;
  ctx.save();
  ctx.fillStyle = tone('line');
  ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = late ? 'right' : 'left';
  ctx.textBaseline = 'top';
  ctx.fillText(label, x + (late ? -5 : 5) * devicePixelRatio, bbox.top + 4 * devicePixelRatio);
  ctx.restore();
};
const drawLines = (chart) => (plot) => {
  const { left, top, width, height } = plot.bbox;
  for (const { atSeconds, label } of frame.marks) {
    const x = plot.valToPos(atSeconds, 'x', true);
    if (x < left || x > left + width) continue;
    stroke(plot, tone('line'), [x, top, x, top + height], []);
    if (chart.size !== 'small') nameMark(plot, label, x);
  }
  if (chart.limit === undefined) return;
  const y = plot.valToPos(chart.limit, 'y', true);
  if (y >= top && y <= top + height) stroke(plot, tone('line'), [left, y, left + width, y], [6, 4]);
};

const showValues = (chart, element) => {
  const cells = [...element.querySelectorAll('.legend .value')];
  const when = element.querySelector('.legend .at');
  return (plot) => {
    const { idx } = plot.cursor;
    const known = idx !== null && idx !== undefined && plot.cursor.left >= 0;
    when.textContent = known ? `at ${clock(plot.data[0][idx])}` : '';
    cells.forEach((cell, at) => {
      const value = known ? plot.data[at + 1][idx] : undefined;
      cell.textContent = typeof value === 'number' ? formats[chart.unit](value) : '';
    });
  };
};

const powersOfTwo = Array.from({ length: 50 }, (_, power) => 2 ** power);
/* Powers of ten; within less than two of them, 2 and 5 times those too. */
const logSplits = (_, __, low, high) => {
  const found = [];
  for (let power = 10 ** Math.floor(Math.log10(low)); power <= high; power *= 10) {
    found.push(...(high / low < 100 ? [power, 2 * power, 5 * power] : [power]));
  }
  return found.filter((value) => value >= low * 0.999 && value <= high * 1.001);
};
const axes = (chart) => {
  const shared = { stroke: tone('soft'), font: '12px system-ui, sans-serif', ticks: { show: false } };
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800];
  return [
    { ...shared, incrs: steps, space: 64, size: 26, gap: 4, grid: { show: false }, values: (_, at) => at.map(clock) },
    {
      ...shared,
      size: 64,
      gap: 6,
      space: chart.size === 'large' ? 36 : 26,
      ...(chart.log && { splits: logSplits, filter: (_, splits) => splits }),
      ...(chart.unit === 'bytes' && { incrs: powersOfTwo }),
      grid: { stroke: tone('rule'), width: 1, filter: (_, splits) => splits },
      values: (_, at) => at.map((value) => (value === null ? '' : formats[chart.unit](value))),
    },
  ];
};
const cursor = {
  y: false,
  points: { size: 6 },
  drag: { x: true, y: false, setScale: false },
  sync: {
    key: 'run',
    scales: ['x', null],
    filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave' },
  },
  bind: { dblclick: () => () => zoom(whole) },
};
const zoomToSelection = (plot) => {
  if (plot.select.width < 8) return;
  const { left, width } = plot.select;
  zoom([plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')]);
  plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
};
const options = (chart, element) => ({
  width: element.querySelector('.plot').clientWidth,
  height: { large: 250, low: 180, small: 120 }[chart.size],
  padding: [chart.size === 'small' ? 8 : 24, chart.size === 'small' ? 20 : 24, 0, 0],
  legend: { show: false },
  cursor,
  scales: { x: { time: false }, y: chart.log ? { distr: 3, range: logRange } : { range: linearRange(chart) } },
  axes: axes(chart),
  series: [{}, ...chart.series.map(lineOf)],
  hooks: {
    drawClear: [drawBands(chart)],
    draw: [drawLines(chart)],
    setCursor: [showValues(chart, element)],
    setSelect: [zoomToSelection],
  },
});
const lineOf = ({ tone: name, dashed }) => ({
  stroke: tone(name),
  width: dashed ? 1.5 : 2,
  dash: dashed ? [5, 4] : [],
  points: { show: (plot, at, first, last) => last - first < 2 },
});

/* A logarithmic axis has no place for 0. */
const valuesOf = (chart) =>
  chart.series.map(({ values }) =>
    chart.log ? values.map((value) => (value === null ? null : Math.max(1, value))) : values,
  );

function zoom(next) {
  view = next;
  for (const { plot } of mounted) plot.setScale('x', { min: view[0], max: view[1] });
  for (const button of document.querySelectorAll('.tools [data-from]')) {
    const chosen = Number(button.dataset.from) === view[0] && Number(button.dataset.to) === view[1];
    button.setAttribute('aria-pressed', String(chosen));
  }
}

function mount() {
  for (const { plot } of mounted.splice(0)) plot.destroy();
  for (const chart of data.charts) {
    const element = document.getElementById(chart.id);
    const xs = data.axes[chart.axis];
    if (element === null || xs.length === 0) continue;
    const plot = new uPlot(options(chart, element), [xs, ...valuesOf(chart)], element.querySelector('.plot'));
    mounted.push({ plot, element });
  }
  zoom(view);
}

const button = (label, press, places) => {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = label;
  Object.assign(made.dataset, places);
  made.addEventListener('click', () => press(made));
  return made;
};
function tools() {
  const bar = document.querySelector('.tools');
  const spans = [{ name: 'Whole run', from: whole[0], to: whole[1] }, ...frame.bands];
  bar.append(...spans.map(({ name, from, to }) => button(name, () => zoom([from, to]), { from, to })));
  const charts = data.charts.filter(({ log }) => log !== undefined);
  const toggle = button('Log scale', (own) => {
    charts.forEach((chart, _, [first]) => (chart.log = chart === first ? !chart.log : first.log));
    own.setAttribute('aria-pressed', String(charts[0]?.log));
    mount();
  });
  toggle.className = 'toggle';
  toggle.setAttribute('aria-pressed', String(charts[0]?.log));
  bar.append(toggle);
  bar.hidden = false;
}

for (const legend of document.querySelectorAll('.legend')) {
  legend.append(Object.assign(document.createElement('li'), { className: 'at' }));
}
document.documentElement.classList.add('live');
tools();
mount();
dark.addEventListener('change', mount);
const observer = new ResizeObserver(() => {
  for (const { plot, element } of mounted) {
    const width = element.querySelector('.plot').clientWidth;
    if (width > 0 && width !== plot.width) plot.setSize({ width, height: plot.height });
  }
});
observer.observe(document.querySelector('#charts'));
