// SPDX-License-Identifier: Apache-2.0
//
// Draws the panels of a dashboard of Grafana as far as this project's dashboards use them: stat, timeseries, table,
// heatmap. `data` has the time shown and the panels, each target with the answer of Prometheus in `result`. Each
// section says in data-marks how many figures, lines, bars or cells it shows: 0 is "No data".
'use strict';

const UNIT = 25, GAP = 5, WIDTH = document.body.clientWidth - 24;
const PALETTE = ['#73bf69', '#f2cc0c', '#8ab8ff', '#ff780a', '#f2495c', '#5794f2', '#b877d9', '#fade2a', '#96d98d'];
const NAMED = { green: '#73bf69', orange: '#ff9830', red: '#f2495c', blue: '#5794f2', text: '#ccccdc' };
const SHADES = { Oranges: ['#1f1a17', '#7f2704', '#d94801', '#fd8d3c', '#fdd0a2'],
  Blues: ['#171b22', '#08306b', '#2171b5', '#6baed6', '#c6dbef'] };

// ---- figures with units, as Grafana writes them -----------------------------------------------------------------------

function scaled(value, factor, names, decimals) {
  let at = 0;
  while (Math.abs(value) >= factor && at < names.length - 1) { value /= factor; at++; }
  return [rounded(value, decimals), names[at]];
}

function rounded(value, decimals) {
  const size = Math.abs(value);
  const digits = decimals ?? (size === 0 || size >= 100 ? 0 : size >= 10 ? 1 : 2);
  const text = value.toFixed(digits);
  return decimals === undefined && text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function duration(value, decimals) {
  const size = Math.abs(value);
  if (size === 0) return ['0', ' s'];
  if (size < 1e-3) return [rounded(value * 1e6, decimals), ' µs'];
  if (size < 1) return [rounded(value * 1e3, decimals), ' ms'];
  if (size < 60) return [rounded(value, decimals), ' s'];
  if (size < 3600) return [rounded(value / 60, decimals), ' min'];
  if (size < 86400) return [rounded(value / 3600, decimals), ' hour'];
  return [rounded(value / 86400, decimals), ' day'];
}

function figure(value, unit, decimals) {
  switch (unit) {
    case 'percentunit': return [rounded(value * 100, decimals), '%'];
    case 's': return duration(value, decimals);
    case 'bytes': return scaled(value, 1024, [' B', ' KiB', ' MiB', ' GiB', ' TiB'], decimals);
    case 'cps': { const [text, name] = scaled(value, 1000, ['', 'K', 'M'], decimals); return [text + name, ' c/s']; }
    case 'none': return [rounded(value, decimals), ''];
    default: return scaled(value, 1000, ['', ' K', ' Mil', ' Bil'], decimals);
  }
}

const written = (value, unit, decimals) => figure(value, unit, decimals).join('');

// ---- series -----------------------------------------------------------------------------------------------------------

const legendOf = (target, labels) => target.legendFormat === '__auto'
  ? Object.values(labels).join(' ') : target.legendFormat.replace(/\{\{(\w+)\}\}/g, (_, label) => labels[label] ?? '');

// Series of all targets: name, points by step (null where there is none).
function seriesOf(panel) {
  const steps = Math.round((data.to - data.from) / data.step) + 1;
  return panel.targets.flatMap(target => target.result.map(series => {
    const points = new Array(steps).fill(null);
    for (const [time, text] of series.values ?? [series.value]) {
      const value = Number(text);
      if (Number.isFinite(value)) points[Math.round((time - data.from) / data.step)] = value;
    }
    return { name: legendOf(target, series.metric), labels: series.metric, points };
  })).filter(series => series.points.some(value => value !== null));
}

function coloured(panel, series) {
  const fixed = {};
  for (const one of panel.fieldConfig.overrides)
    for (const property of one.properties)
      if (property.id === 'color' && one.matcher.id === 'byName') fixed[one.matcher.options] = property.value.fixedColor;
  series.forEach((one, at) => { one.color = NAMED[fixed[one.name]] ?? PALETTE[at % PALETTE.length]; });
}

const CALCS = {
  mean: ['Mean', points => points.reduce((sum, value) => sum + value, 0) / points.length],
  max: ['Max', points => Math.max(...points)],
  sum: ['Total', points => points.reduce((sum, value) => sum + value, 0)],
};

// ---- elements ---------------------------------------------------------------------------------------------------------

function element(name, attributes = {}, ...children) {
  const svg = /^(svg|path|rect|line|text|g)$/.test(name);
  const made = svg ? document.createElementNS('http://www.w3.org/2000/svg', name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// Round values from 0 to the top of an axis.
function ticks(most, unit) {
  const factor = unit === 'percentunit' ? 0.01 : 1;
  const raw = (most / factor || 1) / 4, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].find(one => one * power >= raw) * power * factor;
  const all = [];
  for (let at = 0; at <= most + step * 0.999; at += step) all.push(at);
  return all;
}

function timeAxis(svg, left, right, bottom) {
  const steps = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600], room = (right - left) / 75;
  const step = steps.find(one => (data.to - data.from) / one <= room) ?? 7200;
  for (let time = Math.ceil(data.from / step) * step; time <= data.to; time += step) {
    const x = left + (time - data.from) / (data.to - data.from) * (right - left);
    const text = new Date(time * 1000).toISOString().slice(11, step < 60 ? 19 : 16);
    svg.append(element('line', { x1: x, x2: x, y1: 4, y2: bottom, stroke: '#23262c' }));
    if (x > left + 12 && x < right - 12)
      svg.append(element('text', { x, y: bottom + 14, 'text-anchor': 'middle' }, text));
  }
}

// ---- panels: each fills its box and gives the number of its marks -------------------------------------------------------

function stat(panel, box) {
  const [series] = seriesOf(panel);
  if (!series) return 0;
  const { unit, decimals, thresholds } = panel.fieldConfig.defaults;
  const value = series.points.findLast(one => one !== null);
  const color = NAMED[thresholds.steps.findLast(one => one.value === null || value >= one.value).color];
  const [text, name] = figure(value, unit, decimals);
  box.className = 'stat';
  box.style.color = color;
  if (panel.options.graphMode === 'area') {
    const width = box.clientWidth + 16, height = 34, most = Math.max(...series.points) || 1;
    const line = series.points.map((one, at) =>
      `${(at / (series.points.length - 1) * width).toFixed(1)},${(height - 1 - (one ?? 0) / most * (height - 4)).toFixed(1)}`);
    box.append(element('svg', { width, height },
      element('path', { d: `M0,${height}L${line.join('L')}L${width},${height}Z`, fill: color, opacity: 0.16 }),
      element('path', { d: `M${line.join('L')}`, fill: 'none', stroke: color, opacity: 0.7 })));
  }
  box.append(element('b', {}, text, ...(name ? [element('small', {}, name.trim())] : [])));
  return 1;
}

function legend(panel, box, series) {
  const wanted = panel.options.legend, { unit, decimals } = panel.fieldConfig.defaults;
  const name = one => [Object.assign(element('i'), { style: `background:${one.color}` }), one.name];
  if (wanted.placement !== 'right') {
    box.append(element('ul', {}, ...series.map(one => element('li', {}, ...name(one)))));
    return { right: 0, bottom: 20 };
  }
  const calcs = wanted.calcs.map(one => CALCS[one]);
  const rows = series.map(one => [one, ...calcs.map(([, sum]) => sum(one.points.filter(value => value !== null)))]);
  const by = 1 + Math.max(0, calcs.findIndex(([title]) => title === wanted.sortBy));
  rows.sort((one, other) => other[by] - one[by]);
  const table = element('table', { class: 'legend' },
    element('tr', {}, element('th'), ...calcs.map(([title]) => element('th', {}, title))),
    ...rows.slice(0, 9).map(([one, ...values]) => element('tr', {}, element('td', {}, ...name(one)),
      ...values.map(value => element('td', {}, written(value, unit, decimals))))));
  box.append(table);
  return { right: table.offsetWidth + 10, bottom: 0 };
}

function timeseries(panel, box) {
  const series = seriesOf(panel);
  if (series.length === 0) return 0;
  coloured(panel, series);
  const custom = panel.fieldConfig.defaults.custom, { unit, decimals } = panel.fieldConfig.defaults;
  const taken = legend(panel, box, series);
  const width = box.clientWidth - taken.right, height = box.clientHeight - taken.bottom, bottom = height - 20;
  const base = new Array(series[0].points.length).fill(0);
  for (const one of series) {
    one.from = one.points.map((_, at) => custom.stacking.mode === 'normal' ? base[at] : 0);
    one.to = one.points.map((value, at) => value === null ? null : one.from[at] + value);
    one.points.forEach((value, at) => { base[at] += value ?? 0; });
  }
  const marks = ticks(Math.max(...series.flatMap(one => one.to)), unit), most = marks.at(-1);
  const left = 8 + 6.2 * Math.max(...marks.map(one => written(one, unit, unit === 'short' ? undefined : decimals).length));
  const x = at => left + at / (base.length - 1) * (width - left - 4), y = value => bottom - value / most * (bottom - 6);
  const svg = element('svg', { width, height });
  timeAxis(svg, left, width - 4, bottom);
  for (const one of marks) {
    svg.append(element('line', { x1: left, x2: width - 4, y1: y(one), y2: y(one), stroke: '#2a2d34' }),
      element('text', { x: left - 6, y: y(one) + 3.5, 'text-anchor': 'end' }, written(one, unit)));
  }
  const point = (at, value) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`;
  for (const one of series) {
    if (custom.drawStyle === 'bars') {
      const wide = Math.max(1, (width - left) / base.length * 0.75);
      one.points.forEach((value, at) => value > 0 && svg.append(element('rect', { x: x(at) - wide / 2, y: y(one.to[at]),
        width: wide, height: y(one.from[at]) - y(one.to[at]), fill: one.color, opacity: custom.fillOpacity / 100 })));
      continue;
    }
    // A line for each piece without a gap.
    for (let at = 0; at < base.length; at++) {
      if (one.to[at] === null) continue;
      const first = at, top = [], under = [];
      for (; at < base.length && one.to[at] !== null; at++) {
        top.push(point(at, one.to[at]));
        under.unshift(point(at, one.from[at]));
      }
      svg.append(element('path', { d: `M${top.concat(under).join('L')}Z`, fill: one.color, opacity: custom.fillOpacity / 100 }),
        element('path', { d: `M${top.join('L')}${first === at - 1 ? 'h1' : ''}`, fill: 'none', stroke: one.color,
          'stroke-width': 1.3, 'stroke-linejoin': 'round' }));
    }
  }
  box.prepend(svg);
  return series.length;
}

// Instant answers joined by their labels; columns named and ordered as the dashboard has them.
function table(panel, box) {
  const organize = panel.transformations.find(one => one.id === 'organize').options, rows = new Map();
  for (const target of panel.targets)
    for (const { metric, value } of target.result) {
      const key = JSON.stringify(metric);
      if (!rows.has(key)) rows.set(key, { ...metric });
      rows.get(key)[`Value #${target.refId}`] = Number(value[1]);
    }
  const all = [...rows.values()];
  if (all.length === 0) return 0;
  const columns = Object.keys(organize.indexByName).filter(one => all.some(row => one in row))
    .sort((one, other) => organize.indexByName[one] - organize.indexByName[other]);
  const [sort] = panel.options.sortBy, by = columns.find(one => organize.renameByName[one] === sort.displayName);
  all.sort((one, other) => (other[by] ?? 0) - (one[by] ?? 0));
  const settings = columns.map(one => {
    const found = { ...panel.fieldConfig.defaults };
    for (const override of panel.fieldConfig.overrides)
      if (override.matcher.options === organize.renameByName[one])
        for (const property of override.properties) found[property.id] = property.value;
    return found;
  });
  const most = columns.map(one => Math.max(...all.map(row => row[one] ?? 0)));
  const cell = (row, column, at) => {
    const value = row[column];
    if (typeof value !== 'number') return element('td', {}, value ?? '');
    const set = settings[at], kind = set['custom.cellOptions']?.type, made = element('td', { class: 'n' });
    if (kind === 'gauge') {
      made.append(element('div', { class: 'bar', style: `width:${(value / most[at] * 62).toFixed(1)}%;background:`
        + `linear-gradient(90deg,#3d4a8a,#8f5fb8 ${(6000 / (value / most[at] * 100 + 1)).toFixed(0)}%)` }));
    }
    const color = kind === 'color-text'
      ? NAMED[set.thresholds.steps.findLast(one => one.value === null || value >= one.value).color] : 'inherit';
    made.append(element('span', { style: `color:${color}` }, written(value, set.unit, set.decimals)));
    return made;
  };
  const room = Math.floor((box.clientHeight - 24) / 20);
  const wide = at => settings[at]['custom.cellOptions']?.type === 'gauge' ? 'width:44%' : '';
  box.append(element('table', { class: 'rows' },
    element('tr', {}, ...columns.map((one, at) => element('th', { style: wide(at),
      class: typeof all[0][one] === 'number' ? 'n' : '' }, organize.renameByName[one]))),
    ...all.slice(0, room).map(row => element('tr', {}, ...columns.map((one, at) => cell(row, one, at))))));
  return all.length;
}

function shade(scheme, share) {
  const stops = SHADES[scheme], at = Math.min(share, 0.9999) * (stops.length - 1), low = Math.floor(at);
  const channel = (text, from) => parseInt(text.slice(from, from + 2), 16);
  return 'rgb(' + [1, 3, 5].map(from => Math.round(
    channel(stops[low], from) + (at - low) * (channel(stops[low + 1], from) - channel(stops[low], from)))).join() + ')';
}

// Buckets come cumulated: what a cell shows is its own.
function heatmap(panel, box) {
  const bound = one => one.labels.le === '+Inf' ? Infinity : Number(one.labels.le);
  const series = seriesOf(panel).sort((one, other) => bound(one) - bound(other));
  const own = series.map((one, at) => one.points.map((value, time) => value === null ? null
    : Math.max(0, value - (at > 0 ? series[at - 1].points[time] ?? 0 : 0))));
  const most = Math.max(0, ...own.flat());
  if (most === 0) return 0;
  const width = box.clientWidth, height = box.clientHeight, bottom = height - 38, left = 52;
  const svg = element('svg', { width, height }), high = (bottom - 4) / own.length;
  const wide = (width - left - 4) / own[0].length, { scheme, exponent } = panel.options.color;
  timeAxis(svg, left, width - 4, bottom);
  let marks = 0;
  own.forEach((row, at) => row.forEach((value, time) => {
    if (!(value > panel.options.filterValues.le)) return;
    marks++;
    svg.append(element('rect', { x: left + time * wide, y: bottom - (at + 1) * high, width: Math.max(0.8, wide - 0.6),
      height: high - 1, fill: shade(scheme, 0.12 + 0.88 * (value / most) ** exponent) }));
  }));
  const every = Math.ceil(own.length / 9);
  series.forEach((one, at) => at % every === 0 && svg.append(element('text',
    { x: left - 6, y: bottom - (at + 0.5) * high + 3.5, 'text-anchor': 'end' },
    bound(one) === Infinity ? '+Inf' : written(bound(one), panel.options.yAxis.unit))));
  for (let at = 0; at < 100; at++)
    svg.append(element('rect', { x: left + at * 2, y: height - 14, width: 2.2, height: 8, fill: shade(scheme, at / 100) }));
  svg.append(element('text', { x: left - 6, y: height - 6.5, 'text-anchor': 'end' }, '0'),
    element('text', { x: left + 206, y: height - 6.5 }, written(most, 'short')));
  box.append(svg);
  return marks;
}

// ---- the page: rows without panels are left out, and what is below moves up ---------------------------------------------

function place(node, x, y, width, height) {
  const cell = (WIDTH + GAP) / 24;
  node.style.cssText = `left:${x * cell}px;top:${y * (UNIT + GAP)}px;width:${width * cell - GAP}px;`
    + `height:${height * (UNIT + GAP) - GAP}px`;
}

function draw() {
  const main = document.querySelector('main'), rows = [{ y: 0, panels: [] }];
  for (const panel of data.panels) {
    if (panel.type === 'row') rows.push({ title: panel.title, y: panel.gridPos.y + 1, panels: [] });
    else rows.at(-1).panels.push(panel);
  }
  let top = 0;
  for (const row of rows.filter(one => one.panels.length > 0)) {
    if (row.title) {
      const heading = element('h2', {}, row.title);
      place(heading, 0, top, 24, 1);
      main.append(heading);
      top++;
    }
    for (const panel of row.panels) {
      const { x, y, w, h } = panel.gridPos, box = element('div');
      const section = element('section', {}, element('h3', {}, panel.title), box);
      place(section, x, top + y - row.y, w, h);
      main.append(section);
      const marks = { stat, timeseries, table, heatmap }[panel.type](panel, box);
      if (marks === 0) { box.className = 'nodata'; box.replaceChildren('No data'); }
      section.dataset.panel = panel.title;
      section.dataset.marks = marks;
    }
    top += Math.max(...row.panels.map(panel => panel.gridPos.y + panel.gridPos.h)) - row.y;
  }
  const shown = time => new Date(time * 1000).toISOString().slice(0, 16).replace('T', ' ');
  document.querySelector('h1').textContent = data.title;
  document.querySelector('header span').textContent = `${shown(data.from)} to ${shown(data.to).slice(11)} UTC`;
  main.style.height = `${top * (UNIT + GAP)}px`;
  document.body.dataset.height = Math.ceil(document.body.scrollHeight);
}

draw();
