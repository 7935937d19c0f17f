// What `run.mjs` found, as a table for a terminal and for docs/speed.md: `node bench/table.mjs FILE.json` prints the latter.
import { readFileSync } from 'node:fs';

const NAMES = {
  'W1, batches of 64': 'W1: a training step of the convolutional network (54,314 parameters, Adam), batches of 64',
  'W1, batches of 256': 'W1: the same, batches of 256',
  'W2, batches of 64': 'W2: a training step of the multi-layer perceptron (784-128-64-10, 109,386 parameters, Adam), batches of 64',
  'W1 on WebGPU, batches of 64': 'W1 on WebGPU, an adapter in software, batches of 64',
  W3: 'W3: W1’s network and optimiser until so many of all 10,000 test digits are right, seconds of training',
  W4: 'W4: EfficientNet-Lite0 on one picture',
  W8: 'W8: a training step of an LSTM that reads characters (embedding 32, 128 units, vocabulary of Shakespeare, Adam), 32 × 64 characters',
  'W8 on WebGPU': 'W8 on WebGPU, an adapter in software',
  W6: 'W6: page, scripts, style and programs until the first step of W1',
};
const BUSY = 0.25;

const median = (values) => values.filter(Number.isFinite).sort((a, b) => a - b)[values.length >> 1];
const digits = (value, places) => (Number.isFinite(value) ? value.toFixed(places ?? (value < 10 ? 2 : value < 100 ? 1 : 0)) : '–');
const percent = (value, places = 0) => `${(value * 100).toFixed(places)} %`;

/** One section for each workload: `{ title, head, rows }`. */
function sections({ cells, gflops, presets = [], memory }) {
  const all = Object.entries(cells).map(([key, of]) => {
    const rows = Object.entries(of).map(([who, rounds]) => ({ who, rounds, good: rounds.filter(({ ok }) => ok) }));
    return section(key, rows, gflops);
  });
  all.push(...presets.map(ofPreset));
  if (memory) all.push({ title: 'Memory of the page and its engine', head: ['after 500 steps', `after ${memory.steps} steps`], rows: [[`${memory.start} MB`, `${memory.end} MB`]] });
  return all;
}

function section(key, rows, gflops) {
  const title = NAMES[key];
  const columns = { W1: ofSteps, W2: ofSteps, W3: ofLearning, W4: ofPictures, W6: ofBytes, W8: ofSteps }[key.slice(0, 2)];
  const { head, main, cells } = columns(gflops);
  const value = ({ good }) => median(good.map(main));
  const us = rows.find(({ who, good }) => ['intab-cpu', 'intab-webgpu'].includes(who) && good.length);
  const ratio = (row) => (us && row !== us && Number.isFinite(value(row)) ? `${digits(value(row) / value(us))} ×` : '');
  return {
    title, head: ['', ...head, 'times ours', ''],
    rows: rows.map((row) => (row.good.length
      ? [row.who, ...cells(row.good), ratio(row), notes(row)]
      : [row.who, ...head.map(() => '–'), '', row.rounds[0].error.slice(0, 90)])),
  };
}

const notes = ({ good: [first], good }) => [
  first.note, first.capped && `stopped after ${first.capS} s at ${percent(first.finalAcc ?? 0, 2)}`,
  first.sync20?.blockLen < 20 && `blocks of ${first.sync20.blockLen}`,
  Math.max(...good.map(({ otherCores }) => otherCores)) > BUSY && `others took ${Math.max(...good.map(({ otherCores }) => otherCores))} cores`,
].filter(Boolean).join('; ');

const ofSteps = (gflops) => ({
  head: ['ms a step', 'examples a second', 'of one core’s peak', 'first step, ms'],
  main: ({ sync20 }) => sync20.medianMs,
  cells: (good) => {
    const ms = median(good.map(({ sync20 }) => sync20.medianMs));
    const { flopsPerStep } = good[0];
    return [digits(ms), digits(median(good.map(({ samplesPerS }) => samplesPerS)), 0), flopsPerStep ? percent(flopsPerStep / ms / gflops / 1e6) : '', digits(median(good.map(({ firstStepMs }) => firstStepMs)), 0)];
  },
});

const ofLearning = () => ({
  head: ['97 %', '98 %', '99 %', 'in all to 98 %', 'at the end'],
  main: ({ reach }) => reach['0.98']?.trainS,
  cells: (good) => [
    ...['0.97', '0.98', '0.99'].map((target) => digits(median(good.map(({ reach }) => reach[target]?.trainS)), 1)),
    digits(median(good.map(({ reach }) => reach['0.98']?.totalS)), 1), percent(median(good.map(({ finalAcc }) => finalAcc)), 2),
  ],
});

const ofPictures = () => ({
  head: ['ms, question and answer', 'the network alone', 'first, weights fetched'],
  main: ({ medianMs }) => medianMs,
  cells: (good) => ['medianMs', 'networkMs', 'firstMs'].map((field) => digits(median(good.map((result) => result[field])))),
});

const ofBytes = () => ({
  head: ['files', 'kB, brotli'],
  main: ({ brotli }) => brotli,
  cells: ([{ files, brotli }]) => [String(files), digits(brotli / 1000, 0)],
});

function ofPreset({ name, cores, reach, finalAcc, count, trainS, epochs, longTasks, longest }) {
  const rows = Object.entries(reach).map(([target, at]) => [`${percent(target, 1)} of ${count}`, `${digits(at.trainS, 1)} s`, `${digits(at.totalS, 1)} s`, digits(at.epoch, 2)]);
  rows.push([`at the end: ${percent(finalAcc, 2)}`, `${digits(trainS, 1)} s`, '', digits(epochs, 2)]);
  rows.push([`tasks over 50 ms on the page’s thread: ${longTasks ? `${longTasks}, the longest ${digits(longest, 0)} ms` : 'none'}`, '', '', '']);
  return { title: `The ${name} preset on ${cores === 1 ? 'one core' : `${cores} cores`}, from pressing Play, its data there`, head: ['', 'training', 'in all', 'epoch'], rows };
}

const about = ({ machine: { date, cpu, cores, browser, commit, changed, rounds }, gflops }) =>
  `${date} UTC, ${cores} cores of ${cpu}, ${browser}, commit ${commit}${changed ? ' with changes' : ''}, ${rounds} ${rounds === 1 ? 'round' : 'rounds'}; one core’s peak in wasm SIMD, measured in the same run: ${digits(gflops)} GFLOP/s`;

export function text(found) {
  const drawn = sections(found).map(({ title, head, rows }) => {
    const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at].length)));
    const line = (row) => row.map((word, at) => (at === 0 || at === row.length - 1 && at > 3 ? word.padEnd(widths[at]) : word.padStart(widths[at]))).join('  ').trimEnd();
    return [title, ...[head, ...rows].map((row) => `  ${line(row)}`)].join('\n');
  });
  return [about(found), ...drawn].join('\n\n');
}

const isBusy = ({ cells }) => Object.values(cells).flatMap(Object.values).flat().some(({ otherCores }) => otherCores > BUSY);

export function markdown(found) {
  const line = (row) => `| ${row.join(' | ')} |`;
  const drawn = sections(found).map(({ title, head, rows }) => [`## ${title}`, '', line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n'));
  const intro = `Written by \`cargo intab bench --peers\`; what the workloads are is in [bench/README.md](../bench/README.md).\n\n${about(found)}.\n\nRows of one table were measured one after the other in one run, each in a browser process of its own: compare within a table, not between runs.`;
  const warning = isBusy(found) ? '**The machine was busy with other things (see the notes): these rows are no figures to publish. Run it again on a quiet one.**\n\n' : '';
  return `# Speed\n\n${intro}\n\n${warning}${drawn.join('\n\n')}\n`;
}

if (process.argv[1] === new URL(import.meta.url).pathname) console.log(markdown(JSON.parse(readFileSync(process.argv[2], 'utf8'))));
