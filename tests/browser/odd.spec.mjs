// Pictures that are not as most are: four inks, sixteen bits, on their side, see-through; and no network.
// The two files show the cat of scikit-image (CC0), written by Pillow as CMYK, and turned with EXIF orientation 6.
import { readFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import { expect, test } from './lab.mjs';

/** A PNG of sixteen bits a channel, red 60 000 and alpha as given. */
function deepPng(alpha) {
  const [width, height] = [300, 280];
  const row = Buffer.alloc(1 + width * 8);
  for (let x = 0; x < width; x += 1) {
    row.writeUInt16BE(60_000, 1 + x * 8);
    row.writeUInt16BE(alpha, 1 + x * 8 + 6);
  }
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const ends = [Buffer.alloc(4), Buffer.alloc(4)];
    ends[0].writeUInt32BE(data.length);
    ends[1].writeUInt32BE(crc32(body));
    return Buffer.concat([ends[0], body, ends[1]]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([16, 6], 8);
  const rows = deflateSync(Buffer.concat(Array(height).fill(row)));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

async function open(page, site) {
  await page.goto(`${site.url}#preset=imagenet`);
  await page.waitForFunction(() => window.intab);
}

/** What a script is answered about the file's bytes. */
const classify = (page, bytes) => page.evaluate(async (bytes) => {
  const answer = await window.intab.ask({ kind: 'classify', input: new Blob([new Uint8Array(bytes)]) });
  return { first: answer.labels[0].name, size: answer.size, pixel: [...answer.input.slice(0, 3)] };
}, [...bytes]);

const file = (name) => readFileSync(new URL(`files/${name}`, import.meta.url));

test('four inks, sixteen bits, and what is see-through is white', async ({ page, site }) => {
  await open(page, site);
  expect(await classify(page, file('cmyk.jpg'))).toMatchObject({ first: 'Egyptian Mau', size: [120, 80] });
  const [red, green, blue] = (await classify(page, deepPng(65_535))).pixel;
  expect(Math.abs(red - 233), 'of 255').toBeLessThan(3);
  expect([green, blue]).toEqual([0, 0]);
  expect((await classify(page, deepPng(0))).pixel).toEqual([255, 255, 255]);
});

test('a photo that lies on its side in the file is read upright', async ({ page, site }) => {
  await open(page, site);
  expect(await classify(page, file('on-its-side.jpg'))).toMatchObject({ first: 'Egyptian Mau', size: [120, 80] });
});

test.describe('without a network', () => {
  test.use({ serviceWorkers: 'allow' });

  test('a network that was fetched once reads pictures', async ({ page, site }) => {
    await open(page, site);
    const before = await classify(page, file('cmyk.jpg'));
    await page.evaluate(() => navigator.serviceWorker.ready);
    // The engine's second half, which reads pictures, comes for keeping a few seconds after the page.
    const [rest] = site.list(/^engine_cpu.*_rest\.wasm$/);
    await expect.poll(() => page.evaluate((path) => caches.match(path).then(Boolean), rest)).toBe(true);
    await site.close();
    await page.reload();
    await page.waitForFunction(() => window.intab);
    expect(await classify(page, file('cmyk.jpg'))).toEqual(before);
  });
});
