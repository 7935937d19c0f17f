// Colour photos: learned, read pixel by pixel, given by the visitor, and followed from the picture to the numbers.
import { expect, png, test } from './lab.mjs';

/** A picture's pixels, of a canvas or of an image, as [red, green, blue] rows, and how wide it is. */
const pixelsOf = (locator) => locator.evaluate((picture) => {
  const [width, height] = [picture.naturalWidth ?? picture.width, picture.naturalHeight ?? picture.height];
  const context = new OffscreenCanvas(width, height).getContext('2d');
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const rgb = Array.from({ length: data.length / 4 }, (_, at) => [...data.subarray(at * 4, at * 4 + 3)]);
  return { rgb, width, height };
});

const colourful = ({ rgb }) => rgb.filter(([r, g, b]) => Math.max(r, g, b) - Math.min(r, g, b) > 20).length;

/** It has been drawn in colour. */
const drawn = (locator) => expect.poll(async () => colourful(await pixelsOf(locator))).toBeGreaterThan(30);

test('photos are learned in colour: samples, mistakes and cells of the confusion matrix, in both themes', async ({ lab, page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await lab.open('#preset=cifar10&seed=3');
  await expect(lab.samples).toContainText(/Airplane|Ship|Truck|Frog/);
  const first = lab.samples.locator('img').first();
  await drawn(first);
  expect((await pixelsOf(first)).width).toBe(32);
  await expect(first, 'the dark theme must not invert a photo').toHaveCSS('filter', 'none');
  const losses = await lab.firstLosses(120);
  const mean = (list) => list.reduce((sum, loss) => sum + loss) / list.length;
  expect(mean(losses.slice(0, 5))).toBeGreaterThan(2.1);
  expect(mean(losses.slice(-20))).toBeLessThan(2.05);
  await lab.until({ test_accuracy: 0.2 });
  await drawn(page.getByTestId('mistakes').locator('img').first());
  await lab.confusion.locator('td.right').first().click();
  await drawn(page.getByTestId('cell-pictures').locator('img').first());
});

test('a pixel is three numbers: pointed at, or walked to with the keys', async ({ lab, page }) => {
  await lab.open('#preset=cifar10');
  await drawn(lab.samples.locator('img').nth(2));
  const third = await pixelsOf(lab.samples.locator('img').nth(2));
  await lab.samples.getByRole('button').nth(2).click();
  const input = lab.network.getByTestId('pixels');
  const canvas = input.locator('canvas');
  await expect.poll(async () => (await pixelsOf(canvas)).rgb).toEqual(third.rgb);
  const words = page.getByTestId('pixel');
  await expect(words).toContainText('height 32 × width 32 × 3 channels');
  const { rgb } = await pixelsOf(canvas);
  const [row, column] = [20, 9];
  await input.scrollIntoViewIfNeeded();
  const box = await input.boundingBox();
  const at = [box.x + (column + 0.5) / 32 * box.width, box.y + (row + 0.5) / 32 * box.height];
  await page.mouse.move(...at);
  const [r, g, b] = rgb[row * 32 + column];
  await expect(words).toHaveText(new RegExp(`^Row 21, column 10: red ${r}, green ${g}, blue ${b}; the network gets `));
  const normal = ((r / 255 - 0.4923) / 0.2452).toFixed(2).replace('-', '−');
  await expect(words).toContainText(`the network gets ${normal},`);
  await expect(page.getByTestId('channels')).toHaveText(new RegExp(`red ${r}\\s*green ${g}\\s*blue ${b}`));
  // The channels are the photo's own.
  const green = await pixelsOf(page.getByTestId('channels').locator('canvas').nth(1));
  expect(green.rgb.map((pixel) => pixel[1])).toEqual(rgb.map((pixel) => pixel[1]));
  await page.mouse.move(0, 0);
  await input.focus();
  await page.keyboard.press('ArrowRight');
  await expect(words).toHaveText(/^Row 17, column 18: red /);
  await page.keyboard.press('ArrowUp');
  await expect(page.getByTestId('announcer')).toHaveText(/^Row 16, column 18: red /);
});

test('a photo of the visitor is cut to its middle, made small, and read; nobody draws one', async ({ lab, page }) => {
  await lab.open('#preset=cifar10');
  await lab.call('step', 5);
  await expect(lab.pad).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Undo' })).toHaveCount(0);
  // 300 × 100, of which the middle third is orange.
  const bytes = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(300, 100);
    const context = canvas.getContext('2d');
    context.fillStyle = '#00f';
    context.fillRect(0, 0, 300, 100);
    context.fillStyle = '#ff8000';
    context.fillRect(100, 0, 100, 100);
    return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
  });
  await page.getByLabel('Upload a picture').setInputFiles({ name: 'wide.png', mimeType: 'image/png', buffer: Buffer.from(bytes) });
  await expect(lab.answer).toContainText(/It says [A-Z]/);
  const colours = async () => [...new Set((await pixelsOf(lab.sees.locator('canvas'))).rgb.map(String))];
  await expect.poll(colours, 'only the middle').toEqual(['255,128,0']);
  const seen = await pixelsOf(lab.sees.locator('canvas'));
  expect([seen.width, seen.height]).toEqual([32, 32]);
  await expect(page.getByTestId('bars').getByRole('listitem')).toHaveCount(10);
  // A large one is made smaller on the way, and one that cannot be read is refused in words.
  const large = await png(page, { size: 3000, background: '#20c040' });
  await page.getByLabel('Upload a picture').setInputFiles({ name: 'large.png', mimeType: 'image/png', buffer: large });
  await expect.poll(async () => (await pixelsOf(lab.sees.locator('canvas'))).rgb[500]).toEqual([32, 192, 64]);
  await page.getByLabel('Upload a picture').setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await expect(page.getByTestId('picture-trouble')).toContainText('not a picture');
});

test('the pipeline: a real photo before and after each step, with the numbers', async ({ lab, page }) => {
  await lab.open('#preset=cifar10');
  const pipeline = page.getByTestId('pipeline');
  const steps = pipeline.getByRole('listitem');
  await expect(steps).toHaveCount(8);
  for (const [at, name] of ['Resize', 'Crop', 'Flip', 'Rotate and scale', 'Brightness', 'Normalise', 'Encode the label', 'Split'].entries()) {
    await expect(steps.nth(at)).toContainText(name);
  }
  await drawn(steps.nth(0).locator('canvas').first());
  const sample = await pixelsOf(lab.samples.locator('img').first());
  expect((await pixelsOf(steps.nth(0).locator('canvas').first())).rgb, 'it is the first training photo').toEqual(sample.rgb);
  await expect(steps.nth(0)).toContainText('32 × 32 → 28 × 28: 3,072 numbers become 2,352');
  const [before, after] = await Promise.all([0, 1].map((at) => pixelsOf(steps.nth(2).locator('canvas').nth(at))));
  const mirrored = Array.from({ length: after.rgb.length }, (_, at) => before.rgb[at - at % 28 + 27 - at % 28]);
  expect(after.rgb).toEqual(mirrored);
  await steps.nth(2).getByRole('checkbox').uncheck();
  await expect.poll(async () => (await pixelsOf(steps.nth(2).locator('canvas').nth(1))).rgb).toEqual(before.rgb);
  const bright = steps.nth(4);
  await bright.getByRole('slider').fill('1');
  await expect(bright).toContainText('every number × 1,');
  const mean = (await bright.innerText()).match(/on average (\d+) → (\d+)/);
  expect(mean[1]).toBe(mean[2]);
  const label = await lab.samples.getByRole('button').first().getByText(/labelled/).textContent();
  await expect(pipeline).toContainText(label);
  await expect(page.getByTestId('one-hot')).toHaveText(/^0*10*$/);
  await expect(steps.nth(7)).toContainText('50,000 to learn from, 10,000 kept apart to test on; 781 batches of 64');
  await steps.nth(7).getByRole('slider').fill('10');
  await expect(steps.nth(7)).toContainText('45,000 to learn from, 5,000 to choose settings on (validation), 10,000 kept apart and looked at once, at the end (test); 703 batches of 64');
  await expect(steps.nth(7)).toContainText('not in this run');
  await expect(steps.nth(1)).toContainText('not in this run');
  await lab.call('set', { 'train.augment': 'flip_crop' });
  await expect(steps.nth(1)).toContainText(/Crop\s*in this run/);
  await expect(steps.nth(2)).toContainText(/Flip\s*in this run/);
  await pipeline.getByRole('button', { name: 'Another picture' }).click();
  await expect(pipeline).toContainText('Training picture 2,');
  const second = await pixelsOf(lab.samples.locator('img').nth(1));
  await expect.poll(async () => (await pixelsOf(steps.nth(0).locator('canvas').first())).rgb).toEqual(second.rgb);
});

test('augmentation: a photo may be mirrored, a digit never; the same seed learns the same', async ({ lab, page }) => {
  const losses = async (augment) => {
    await lab.open(`#preset=cifar10&model.id=mlp&train.augment=${augment}`);
    await page.reload();
    await lab.ready();
    return lab.firstLosses(12);
  };
  const flipped = await losses('flip_crop');
  expect(await losses('flip_crop')).toEqual(flipped);
  expect(await losses('off')).not.toEqual(flipped);
  await page.getByTestId('training').locator('summary').click();
  await page.getByLabel('Augmentation').selectOption('flip');
  expect((await lab.state()).spec['train.augment']).toBe('flip');
  await expect(page).toHaveURL(/train\.augment=flip/);
  await lab.call('set', { 'data.id': 'mnist' });
  await expect(page.getByLabel('Augmentation').locator('option')).toHaveText(['Off', 'Shift, turn and scale']);
  expect((await lab.state()).spec['train.augment']).toBe('off');
  const refused = await page.evaluate(() => window.intab.set({ 'train.augment': 'flip' }).then(() => 'taken', (error) => String(error)));
  expect(refused).toContain('not to be changed');
});
