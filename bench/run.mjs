// `node bench/run.mjs URL`: our engines, and with `--peers` what a visitor would have instead of them, in one run; one table.
// What each workload is, and how far to trust a number, is in README.md beside this. `cargo intab bench` calls it.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { brotliCompressSync } from 'node:zlib';
import { cell, open, rendererMegabytes, servePeers } from './harness.mjs';
import { markdown, text } from './table.mjs';

const { values, positionals: [url] } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: 'W1,W2,W3,W4,W6,W8,preset,memory' },
    engines: { type: 'string', default: 'cpu,cpu-all' }, // cpu (one core), cpu-all (as many as there are), webgpu (W1 and W8 alone, on a software adapter)
    peers: { type: 'boolean', default: false },
    which: { type: 'string', default: 'tfjs-wasm-patched,tfjs-wasm,tfjs-cpu,tfjs-webgl,convnetjs' }, // also tfjs-webgpu
    rounds: { type: 'string', default: '1' },
    budget: { type: 'string', default: '12' },
    cap: { type: 'string', default: '180' },
    steps: { type: 'string', default: '10000' },
    json: { type: 'string' },
    docs: { type: 'string' },
  },
});
if (!url) {
  console.error('usage: node bench/run.mjs URL [--only W1,W2,W3,W4,W6,W8,preset,memory] [--engines cpu,cpu-all,webgpu] [--peers [--which a,b]] [--rounds N] [--budget S] [--cap S] [--steps N] [--json FILE] [--docs FILE]');
  process.exit(2);
}
const list = (words) => words.split(',').filter(Boolean);
const [budgetS, capS] = [Number(values.budget), Number(values.cap)];

/** Workloads by their row in the table. */
const WORKLOADS = {
  'W1, batches of 64': { name: 'W1', params: { B: 64, warmup: 5, blocks: 10, budgetS } },
  'W1, batches of 256': { name: 'W1', params: { B: 256, warmup: 5, blocks: 10, budgetS } },
  'W2, batches of 64': { name: 'W2', params: { B: 64, warmup: 10, blocks: 20, budgetS } },
  'W1 on WebGPU, batches of 64': { name: 'W1', onGpu: true, params: { B: 64, warmup: 3, blocks: 5, budgetS } },
  W3: { name: 'W3', params: { B: 64, capS, targets: [0.97, 0.98, 0.99] } },
  W4: { name: 'W4', params: {}, hash: '#preset=imagenet', oursOnly: true },
  W6: { name: 'W6', params: { B: 4 } },
  W8: { name: 'W8', params: { B: 32, warmup: 5, blocks: 10, budgetS }, tfjsOnly: true },
  'W8 on WebGPU': { name: 'W8', onGpu: true, params: { B: 32, warmup: 3, blocks: 5, budgetS }, tfjsOnly: true },
};

const found = { machine: machine(), cells: {} };
const wanted = list(values.only);
const ours = list(values.engines).map((engine) => {
  const [backend, all] = engine.split('-');
  return { who: `intab-${engine}`, backend, cores: all ? null : 1, gpu: backend === 'webgpu' };
});
const peers = values.peers ? list(values.which).map((who) => ({ who, gpu: who.endsWith('webgpu') })) : [];
const server = values.peers ? await servePeers() : null;

for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const [row, workload] of Object.entries(WORKLOADS)) {
    if (!wanted.includes(workload.name)) continue;
    for (const one of [...ours, ...(workload.oursOnly ? [] : peers)]) {
      // In software a graphics adapter is far too slow for anything longer.
      if (one.gpu !== Boolean(workload.onGpu)) continue;
      // The other peers have no recurrent layers.
      if (workload.tfjsOnly && !one.backend && !one.who.startsWith('tfjs')) continue;
      // Bytes and pictures know nothing of cores.
      if (one.cores === null && !'W1,W2,W3'.includes(workload.name)) continue;
      console.error(`${new Date().toISOString().slice(11, 19)} ${row}: ${one.who}`);
      const result = await measured(one, workload);
      if (!result.ok) console.error(`  failed: ${result.error}`);
      ((found.cells[row] ??= {})[one.who] ??= []).push(result);
      save();
    }
  }
}
const peak = await cell(`${url}?bench=1#preset=mnist&engine=cpu`, 'peak', {}, { seconds: 60 });
found.gflops = peak.gflops;
if (wanted.includes('preset')) {
  found.presets = [];
  for (const name of ['mnist', 'digits', 'digits_best']) for (const cores of [1, os.cpus().length]) found.presets.push(await preset(name, cores));
}
if (wanted.includes('memory')) found.memory = await memory();
server?.close();
save();
console.log(text(found));
if (values.docs) writeFileSync(values.docs, markdown(found));

function save() {
  if (values.json) writeFileSync(values.json, JSON.stringify(found, null, 1));
}

async function measured({ who, backend, cores, gpu }, { name, params, hash = '#preset=mnist&engine=cpu' }) {
  const address = backend ? `${url}?bench=1${hash}` : server.address;
  const all = { seed: 7, lr: 1e-3, syncEvery: 20, peer: who, backend, cores, ...params };
  server?.asked.clear();
  // A graphics adapter in software needs minutes to compile what a step is made of.
  const seconds = (gpu ? 500 : 150) + 8 * budgetS + (name === 'W3' ? 2 * capS : 0);
  const result = await cell(address, name, all, { gpu, seconds });
  if (name !== 'W6' || !result.ok) return result;
  const sizes = backend ? await loaded() : [...server.asked].map((path) => brotliCompressSync(readFileSync(path)).length);
  return { ...result, files: sizes.length, brotli: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Bytes of every page, script, style and program that a first visit asks our site for until it trains on the CPU. */
async function loaded() {
  const { browser, page } = await open('about:blank');
  const asked = new Set();
  page.context().on('request', (request) => asked.add(request.url().replace(/[?#].*/, '')));
  await page.goto(`${url}#preset=mnist&engine=cpu`);
  await page.waitForFunction(() => window.intab);
  await page.evaluate(() => window.intab.ready.then(() => window.intab.step(1)));
  await browser.close();
  // The build has compressed each as far as it goes.
  const site = new URL('../dist/', import.meta.url);
  const copies = [...asked].map((address) => new URL(`${address.slice(url.length).replace(/^$/, 'index.html')}.br`, site));
  return copies.filter((copy) => /\.(html|js|wasm|css)\.br$/.test(copy.pathname)).map((copy) => statSync(copy).size);
}

/** A preset as a visitor has it: from Play, its data there, to each target on all test digits; and the page's own thread. */
async function preset(name, cores) {
  console.error(`the preset ${name} on ${cores} cores, from Play`);
  const { browser, page } = await open(`${url}#preset=${name}&engine=cpu&cores=${Math.min(cores, 4)}`);
  await page.waitForFunction(() => window.intab);
  const result = await page.evaluate(async (targets) => {
    await window.intab.ready;
    await window.intab.ask({ kind: 'samples', train: [59_999], test: [9_999] });
    const start = performance.now();
    await window.intab.play();
    const reach = {};
    // The last look at the test set comes after the last step.
    const ended = window.intab.until({ state: 'done' }, 600).then(async () => {
      for (;;) {
        const state = window.intab.state();
        if (state.run.test?.step === state.run.step) return state;
        await new Promise((resolve) => { setTimeout(resolve, 20); });
      }
    });
    for (const target of targets) {
      // A run that is over before goes no further.
      const state = await Promise.race([window.intab.until({ test_accuracy: target }, 600), ended]).catch(() => null);
      if (!(state?.run.test?.accuracy >= target)) break;
      reach[target] = { trainS: state.run.seconds_training, totalS: (performance.now() - start) / 1000, epoch: state.run.epoch };
      if (state.run.state === 'done') break;
    }
    const { run } = await ended.catch(() => window.intab.state());
    const long = window.longTasks.filter(([at]) => at > start).map(([, length]) => length);
    return { reach, finalAcc: run.test.accuracy, count: run.test.count, trainS: run.seconds_training, epochs: run.epoch, longTasks: long.length, longest: Math.max(0, ...long) };
  }, [0.97, 0.98, 0.99, 0.995]);
  await browser.close();
  return { name, cores, ...result };
}

/** Memory after 500 steps and at the end. */
async function memory() {
  console.error('memory');
  const steps = Number(values.steps);
  const { browser, page } = await open(`${url}#preset=mnist&engine=cpu&v=1&train.epochs=1000`);
  await page.waitForFunction(() => window.intab);
  const until = (step) => page.evaluate((step) => window.intab.until({ step }, 3000), step);
  await page.evaluate(() => window.intab.ready.then(() => window.intab.play()));
  await until(500);
  const start = rendererMegabytes();
  await until(steps);
  const end = rendererMegabytes();
  await browser.close();
  return { steps, start, end };
}

function machine() {
  const run = (program, ...words) => {
    try {
      return execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    } catch {
      return 'unknown';
    }
  };
  return {
    date: new Date().toISOString().slice(0, 16).replace('T', ' '), cpu: os.cpus()[0].model, cores: os.cpus().length, browser: run(process.env.CHROMIUM ?? '/usr/bin/chromium', '--version'),
    commit: run('git', 'rev-parse', '--short', 'HEAD'), changed: run('git', 'status', '--porcelain', '--untracked-files=no') !== '', rounds: Number(values.rounds),
  };
}
