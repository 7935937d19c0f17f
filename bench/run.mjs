// Measures the built page in headless Chromium and prints one table: seconds to 97 / 98 / 99 % of all test
// images, tasks of the page's thread over 50 ms while training runs, the pretrained network, and memory over many steps.
// `node bench/run.mjs URL [--steps 10000] [--json FILE] [--only learn,pictures,memory]`; `cargo intab bench` calls it.
import { chromium } from '@playwright/test';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';

const CHROMIUM = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless=new', '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
};
const TARGETS = [0.97, 0.98, 0.99];

const [url, ...rest] = process.argv.slice(2);
const option = (name, otherwise) => {
  const at = rest.indexOf(`--${name}`);
  return at < 0 ? otherwise : rest[at + 1];
};
if (!url) {
  console.error('usage: node bench/run.mjs URL [--steps N] [--json FILE] [--only learn,pictures,memory]');
  process.exit(2);
}

/** Resident megabytes of the browser's renderer processes: the page and its workers. */
function rendererMegabytes() {
  let kilobytes = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (!words.includes('chromium') || !words.includes('--type=renderer')) continue;
      kilobytes += Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    } catch {
      // The process ended while we looked.
    }
  }
  return Math.round(kilobytes / 1024);
}

/** A fresh browser at the page, with a list of the page thread's long tasks from the first moment. */
async function open(hash) {
  const browser = await chromium.launch(CHROMIUM);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.addInitScript(() => {
    window.longTasks = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.longTasks.push([entry.startTime, entry.duration]);
    }).observe({ type: 'longtask', buffered: true });
  });
  await page.goto(url + hash);
  await page.waitForFunction(() => window.intab);
  await page.evaluate(() => window.intab.ready);
  return { browser, page };
}

/** From pressing Play on the preset, data not cached, to each target on all test images. */
async function learn() {
  const { browser, page } = await open('#preset=mnist&engine=cpu');
  const found = await page.evaluate(async (targets) => {
    const start = performance.now();
    await window.intab.play();
    const reached = [];
    for (const target of targets) {
      const state = await window.intab.until({ test_accuracy: target }, 600).catch(() => null);
      if (!state) break;
      const run = state.run;
      reached.push({ target, training: run.seconds_training, wall: (performance.now() - start) / 1000, epoch: run.epoch });
    }
    const state = await window.intab.until({ state: 'done' }, 600).catch(() => window.intab.state());
    const long = window.longTasks.filter(([at]) => at > start).map(([, length]) => Math.round(length));
    return { reached, long, state };
  }, TARGETS);
  await browser.close();
  const rows = found.reached.map(({ target, training, wall, epoch }) =>
    [`${(target * 100).toFixed(0)} % of ${found.state.run.test.total}`,
      `${training.toFixed(1)} s training, ${wall.toFixed(1)} s in all, epoch ${epoch.toFixed(2)}`]);
  const test = found.state.run.test;
  rows.push([`end: epoch ${found.state.run.epoch.toFixed(2)}`,
    `${(test.accuracy * 100).toFixed(2)} % of ${test.count}, ${found.state.run.seconds_training.toFixed(1)} s training`]);
  rows.push(['page-thread tasks over 50 ms while training',
    found.long.length ? `${found.long.length}: longest ${Math.max(...found.long)} ms` : 'none']);
  return rows;
}

/** Memory after 500 steps and at the end. */
async function memory() {
  const steps = Number(option('steps', 10000));
  const { browser, page } = await open('#preset=mnist&engine=cpu&train.epochs=1000');
  await page.evaluate(() => window.intab.play());
  await page.evaluate(() => window.intab.until({ step: 500 }, 600));
  const start = rendererMegabytes();
  await page.evaluate((step) => window.intab.until({ step }, 3000), steps);
  const end = rendererMegabytes();
  await browser.close();
  return [[`memory after 500 and ${steps} steps`, `${start} MB and ${end} MB (renderer processes, resident)`]];
}

/** The pretrained network on a sample picture: the first answer with the weights kept, then one after the other. */
async function pictures() {
  const { browser, page } = await open('#preset=imagenet');
  const classify = (runs) => page.evaluate(async (runs) => {
    const blob = await (await fetch('samples/v1/cat.png')).blob();
    const found = [];
    for (let run = 0; run < runs; run += 1) {
      const start = performance.now();
      const answer = await window.intab.ask({ kind: 'classify', input: blob });
      found.push({ ...answer.milliseconds, all: performance.now() - start, name: answer.labels[0].name });
    }
    return found;
  }, runs);
  await classify(1); // fetches the weights and keeps them
  await page.reload();
  await page.waitForFunction(() => window.intab);
  await page.evaluate(() => window.intab.ready);
  const [first] = await classify(1);
  const more = await classify(50);
  await browser.close();
  const median = (key) => more.map((run) => run[key]).sort((a, b) => a - b)[more.length >> 1].toFixed(1);
  return [
    ['EfficientNet-Lite0, batch 1, one core', `network ${median('network')} ms (median of ${more.length}), decoding ${median('decode')} ms, scaling ${median('prepare')} ms`],
    ['first answer with the weights kept', `${first.all.toFixed(0)} ms (“${first.name}”), engine and weights made ready in that time`],
  ];
}

const parts = { learn, pictures, memory };
const wanted = option('only', Object.keys(parts).join(',')).split(',');
const rows = [['machine', `${os.cpus()[0].model}, ${os.cpus().length} cores, ${new Date().toISOString().slice(0, 10)}`]];
for (const name of wanted) {
  console.error(`measuring: ${name}`);
  rows.push(...(await parts[name]()));
}
const width = Math.max(...rows.map(([name]) => name.length));
for (const [name, value] of rows) console.log(`${name.padEnd(width)}  ${value}`);
if (option('json')) writeFileSync(option('json'), JSON.stringify(Object.fromEntries(rows), null, 2));
