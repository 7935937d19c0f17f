// The page “Teach it your own things” with many pictures: seconds to their features, seconds to train on them, and
// the memory that it takes, printed as a table. `node bench/own.mjs URL [--pictures 2000]`
import { chromium } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { FLAGS } from '../playwright.config.mjs';

const [url, ...rest] = process.argv.slice(2);
if (!url) {
  console.error('usage: node bench/own.mjs URL [--pictures N]');
  process.exit(2);
}
const at = rest.indexOf('--pictures');
const PICTURES = at < 0 ? 2000 : Number(rest[at + 1]);
const KINDS = ['Stripes', 'Dots', 'Shades'];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: FLAGS,
});
const system = await browser.newBrowserCDPSession();
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
const session = await page.context().newCDPSession(page);
let crashed = false;
page.on('crash', () => { crashed = true; });

/** Megabytes of this browser's renderers, the page and its workers; what processes share is divided among them. */
async function resident() {
  const { processInfo } = await system.send('SystemInfo.getProcessInfo');
  const kilobytes = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => {
    const rollup = readFileSync(`/proc/${id}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
  });
  return kilobytes.reduce((a, b) => a + b, 0) / 1024;
}

/** Megabytes that the page's own scripts hold, without its workers. */
async function heap() {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize = 0 } = await session.send('Runtime.getHeapUsage');
  return (usedSize + backingStorageSize) / 1e6;
}

/** Puts `count` pictures of a kind into the class, as an input of files does. */
function give(kind, place, count) {
  return page.evaluate(async ([kind, place, count]) => {
    const data = new DataTransfer();
    const canvas = new OffscreenCanvas(400, 300);
    const pen = canvas.getContext('2d');
    for (let n = 0; n < count; n += 1) {
      const [hue, gap] = [(n * 47) % 360, 20 + (n % 23)];
      pen.fillStyle = `hsl(${hue} 60% 85%)`;
      pen.fillRect(0, 0, 400, 300);
      pen.fillStyle = `hsl(${hue + 180} 70% 30%)`;
      for (let x = n % gap; x < 400; x += gap) {
        if (kind === 'Stripes') pen.fillRect(x, 0, gap / 2, 300);
        for (let y = n % gap; kind === 'Dots' && y < 300; y += gap) {
          pen.beginPath();
          pen.arc(x, y, gap / 3, 0, 7);
          pen.fill();
        }
      }
      if (kind === 'Shades') {
        const shade = pen.createLinearGradient(0, 0, 400, (n * 13) % 300);
        shade.addColorStop(0, `hsl(${hue} 60% 90%)`);
        shade.addColorStop(1, `hsl(${hue + n % 90} 60% 20%)`);
        pen.fillStyle = shade;
        pen.fillRect(0, 0, 400, 300);
      }
      data.items.add(new File([await canvas.convertToBlob({ type: 'image/jpeg' })], `${kind}-${n}.jpg`, { type: 'image/jpeg' }));
    }
    const input = document.querySelectorAll('[data-testid=class]')[place].querySelector('input[accept^="image/*"]');
    input.files = data.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }, [kind, place, count]);
}

const counted = () => page.evaluate(() => [...document.querySelectorAll('[data-testid=class-count]')]
  .reduce((sum, e) => sum + Number.parseInt(e.textContent.replaceAll(',', ''), 10), 0));

await page.goto(`${url}#preset=own`);
await page.getByTestId('class').nth(1).waitFor();
await page.getByRole('button', { name: 'Add a class' }).click();
for (const [n, kind] of KINDS.entries()) await page.getByTestId('class').nth(n).getByRole('textbox').fill(kind);
const each = Math.ceil(PICTURES / KINDS.length);
const began = performance.now();
for (const [n, kind] of KINDS.entries()) await give(kind, n, n < 2 ? each : PICTURES - 2 * each);
let most = 0;
const least = await resident();
for (let have = 0; have < PICTURES; have = await counted()) {
  await page.waitForTimeout(1000);
  most = Math.max(most, await resident());
  process.stderr.write(`\r${have} of ${PICTURES}, ${most.toFixed(0)} MB  `);
}
const after = await resident();
const features = (performance.now() - began) / 1000;
const started = performance.now();
await page.getByTestId('train').click();
await page.getByTestId('own-accuracy').waitFor({ timeout: 300_000 });
const trained = (performance.now() - started) / 1000;
most = Math.max(most, await resident());
const result = await page.getByTestId('own-status').innerText();
const held = await heap();
await page.getByRole('button', { name: /Show all/ }).first().click();
await page.waitForTimeout(1500);
const shown = await page.evaluate(() => document.querySelectorAll('.thumb-button').length);
const reloading = performance.now();
await page.waitForTimeout(1500);
await page.reload();
await page.getByTestId('notice').first().waitFor();
await page.getByRole('button', { name: 'Use the camera' }).and(page.locator(':enabled')).waitFor({ timeout: 300_000 });
const back = (performance.now() - reloading) / 1000 - 1.5;

process.stderr.write('\n');
console.log(`${PICTURES} pictures in ${KINDS.length} classes`);
for (const [what, value] of [
  ['crashed', crashed ? 'yes' : 'no'],
  ['seconds to their features, reading included', features.toFixed(1)],
  ['milliseconds a picture', (features / PICTURES * 1000).toFixed(0)],
  ['seconds from Train to the result', trained.toFixed(1)],
  ['result', result.split('\n')[0]],
  ['most memory, page and workers, MB (limit 500)', most.toFixed(0)],
  ['  with the first pictures, and with the last', `${least.toFixed(0)}, ${after.toFixed(0)}`],
  ['of that the page’s own scripts, MB', held.toFixed(0)],
  ['pictures drawn at once with “Show all”', shown],
  ['seconds until all is back after a reload', back.toFixed(1)],
]) console.log(`  ${String(what).padEnd(48)} ${value}`);
await browser.close();
process.exitCode = crashed || most > 500 || trained > 20 ? 1 : 0;
