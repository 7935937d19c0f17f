// Browsers, the peers' server and the machine's state, for `run.mjs`. Every measurement has a browser process of its own with
// nothing cached, and asks nobody but loopback.
import { chromium } from '@playwright/test';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { FLAGS, WEBGPU } from '../playwright.config.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const DATASETS = join(HERE, '../public/datasets');
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

/** A browser with a page; `gpu` has WebGPU on a software adapter. */
export async function open(address, { gpu = false } = {}) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...FLAGS, ...(gpu ? WEBGPU : [])] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.addInitScript(() => {
    window.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) window.longTasks.push([startTime, duration]);
    }).observe({ type: 'longtask', buffered: true });
  });
  await page.goto(address);
  return { browser, page };
}

/** One workload in a page that answers the contract; what it gave, and how busy the machine was with other things. */
export async function cell(address, name, params, { gpu, seconds }) {
  const before = usage();
  const { browser, page } = await open(address, { gpu });
  let result;
  try {
    await page.waitForFunction(() => window.__bench, null, { timeout: 60_000 });
    const late = new Promise((resolve) => setTimeout(resolve, seconds * 1000, { ok: false, error: `no answer in ${seconds} s` }).unref());
    result = await Promise.race([page.evaluate(([name, params]) => window.__bench(name, params), [name, params]), late]);
  } catch (error) {
    result = { ok: false, error: error.message.split('\n')[0] };
  }
  const after = usage();
  const wall = (after.at - before.at) / 1000;
  const others = (after.all - before.all - (after.own - before.own)) / 100 / wall;
  await browser.close();
  return { ...result, otherCores: Math.max(0, Number(others.toFixed(2))) };
}

/** Hundredths of a second of processor time: of the whole machine, and of this process and all that it started. */
function usage() {
  const [, user, nice, system, , , irq, soft, steal] = readFileSync('/proc/stat', 'utf8').split('\n')[0].split(/\s+/).map(Number);
  const processes = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ').map(Number);
      processes.set(Number(pid), { parent: fields[1], ticks: fields[11] + fields[12] + fields[13] + fields[14] });
    } catch { /* It ended while we looked. */ }
  }
  const ours = (pid) => pid === process.pid || processes.has(pid) && ours(processes.get(pid).parent);
  const own = [...processes].reduce((sum, [pid, { ticks }]) => sum + (ours(pid) ? ticks : 0), 0);
  return { at: performance.now(), all: user + nice + system + irq + soft + steal, own };
}

/** Resident megabytes of the browser's renderer processes: the page and its workers. */
export function rendererMegabytes() {
  let kilobytes = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (!words.includes('chromium') || !words.includes('--type=renderer')) continue;
      kilobytes += Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    } catch { /* It ended while we looked. */ }
  }
  return Math.round(kilobytes / 1024);
}

/** The peers' page, their packages, and the data out of the shards that the tool has made. Files of packages that were asked for are listed. */
export async function servePeers() {
  const asked = new Set();
  const server = createServer(async ({ url }, response) => {
    const path = normalize(url.split('?')[0]);
    try {
      const bytes = path.startsWith('/data/') ? await data(path.slice('/data/'.length)) : await readFile(file(path));
      if (path.startsWith('/packages/')) asked.add(file(path));
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${server.address().port}/page.html`, asked, close: () => server.close() };
}

const file = (path) => join(HERE, 'peers', path.replace(/^\/packages\//, '/node_modules/'));

/** `mnist-train-images`, `mnist-test-labels`, `shakespeare-train` and so on: all shards of a split, unpacked (their layout is in src/shard.rs). */
async function data(name) {
  const [set, split, what] = name.split('-');
  const folder = join(DATASETS, set, 'v1');
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  const parts = await Promise.all(manifest[split].map(async ({ file: shard }) => {
    const bytes = gunzipSync(await readFile(join(folder, shard)));
    if (!what) return bytes;
    const [header, count] = [24, bytes.readUInt32LE(16)];
    return what === 'labels' ? bytes.subarray(header, header + count) : bytes.subarray(header + count);
  }));
  return Buffer.concat(parts);
}
