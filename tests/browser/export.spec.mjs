// What is shown, as a file for a slide or a spreadsheet: it holds what the page shows and stands by itself.
import { readFile } from 'node:fs/promises';
import { expect, png, test } from './lab.mjs';

async function save(page, name) {
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name, exact: true }).click();
  const download = await coming;
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** Width, height and how many colours a picture file has. */
const seen = (page, bytes, type) => page.evaluate(async ([base64, type]) => {
  const image = new Image();
  image.src = `data:${type};base64,${base64}`;
  await image.decode();
  const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const opaque = data.every((byte, at) => at % 4 !== 3 || byte === 255);
  return { width: canvas.width, height: canvas.height, colours: new Set(new Uint32Array(data.buffer)).size, opaque };
}, [bytes.toString('base64'), type]);

/** What is wrong with an SVG by itself. */
const faults = (page, bytes) => page.evaluate((text) => {
  const svg = new DOMParser().parseFromString(text, 'image/svg+xml');
  const wrong = [...svg.querySelectorAll('parsererror')].map((error) => error.textContent);
  for (const leftover of ['var(', 'class=', 'style=', 'NaN', 'undefined']) if (text.includes(leftover)) wrong.push(leftover);
  if (!svg.documentElement.getAttribute('font-family')?.includes('sans-serif')) wrong.push('no fonts');
  return wrong;
}, bytes.toString());

const rows = (bytes) => bytes.toString().trim().split('\r\n').map((line) => line.split(','));

/** A picture, and waits until it has been read. */
async function give(page) {
  const drawn = await png(page, { draw: 'M40 40L160 160M160 40L40 160' });
  await page.getByLabel('Choose pictures').setInputFiles({ name: 'cross.png', mimeType: 'image/png', buffer: drawn });
  await expect(page.getByTestId('verdict')).toBeVisible();
}

async function trained(lab) {
  await lab.open('#preset=mnist&model.id=mlp&seed=3');
  await lab.call('step', 60);
  await lab.until({ test_accuracy: 0.2 });
}

for (const scheme of ['light', 'dark']) {
  test(`a chart as PNG and as SVG (${scheme})`, async ({ lab, page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await trained(lab);
    // By keyboard alone.
    await page.locator('.chart-tools [data-control=export]').focus();
    await page.keyboard.press('Enter');
    for (const [title, id] of [['Loss', 'loss'], ['Accuracy', 'accuracy']]) {
      const svg = await save(page, `${title} as SVG`);
      expect(svg.name).toBe(`intab-mnist-seed3-${id}.svg`);
      expect(await faults(page, svg.bytes)).toEqual([]);
      const paper = scheme === 'dark' ? '#121416' : '#fbfaf7';
      expect(svg.bytes.toString()).toContain(paper);
      expect(svg.bytes.toString(), 'the chart’s title').toContain(`>${title}<`);
      const png = await save(page, `${title} as PNG`);
      expect(png.name).toBe(`intab-mnist-seed3-${id}.png`);
      const picture = await seen(page, png.bytes, 'image/png');
      expect(picture).toMatchObject({ width: 1440, height: 810, opaque: true });
      expect(picture.colours).toBeGreaterThan(50);
    }
    await expect(page.getByTestId('announcer')).toContainText('Saved as intab-mnist-seed3-accuracy.png');
  });
}

test('the run as CSV has every step that is known, and what its last test said', async ({ lab, page }) => {
  await trained(lab);
  await page.locator('.chart-tools [data-control=export]').click();
  const csv = await save(page, 'The run as CSV');
  expect(csv.name).toBe('intab-mnist-seed3.csv');
  const [head, ...body] = rows(csv.bytes);
  expect(head).toEqual(['step', 'epoch', 'train_loss', 'train_accuracy', 'test_loss', 'test_accuracy', 'run']);
  const { train, test: tests } = await lab.ask({ kind: 'curve' });
  const known = new Set([...train, ...tests].map(({ step }) => step));
  expect(body.map(([step]) => Number(step))).toEqual([...known].sort((a, b) => a - b));
  expect(body.every((row) => row.length === 7)).toBe(true);
  expect(body.filter((row) => row[2] !== '').map((row) => Number(row[2]))).toEqual(train.map(({ loss }) => expect.closeTo(loss, 5)));
  const tested = body.filter((row) => row[5] !== '');
  const { run } = await lab.state();
  expect(Number(tested.at(-1)[5])).toBeCloseTo(run.test.accuracy, 6);
});

test('the confusion matrix as PNG, SVG and CSV', async ({ lab, page }) => {
  await trained(lab);
  await lab.confusion.locator('[data-control=export]').click();
  const csv = await save(page, 'Confusion matrix as CSV');
  expect(csv.name).toBe('intab-mnist-seed3-confusion.csv');
  const [head, ...body] = rows(csv.bytes);
  expect(head).toEqual(['true', ...'0123456789']);
  const { confusion } = await lab.ask({ kind: 'confusion' });
  expect(body.flatMap((row) => row.slice(1).map(Number))).toEqual(confusion.flat());
  const svg = await save(page, 'Confusion matrix as SVG');
  expect(await faults(page, svg.bytes)).toEqual([]);
  const picture = await seen(page, (await save(page, 'Confusion matrix as PNG')).bytes, 'image/png');
  expect(picture.opaque).toBe(true);
  expect(picture.colours).toBeGreaterThan(20);
});

test('a picture with where the network looked, and a layer’s maps, as PNG', async ({ page, site }) => {
  await page.goto(`${site.url}#preset=imagenet`);
  await give(page);
  await page.getByText('Where it looked', { exact: true }).click();
  await page.locator('.sees-panel [data-control=export]').click();
  const heat = await save(page, 'The picture as PNG');
  expect(heat.name).toBe('intab-heat.png');
  expect(await seen(page, heat.bytes, 'image/png')).toMatchObject({ width: 448, height: 448, opaque: true });
  await page.getByTestId('part').first().click();
  await page.locator('.net-layer').first().click();
  await page.getByTestId('maps').locator('[data-control=export]').click();
  const maps = await seen(page, (await save(page, 'The maps as PNG')).bytes, 'image/png');
  expect(maps.colours).toBeGreaterThan(100);
  expect(maps.opaque).toBe(true);
});
