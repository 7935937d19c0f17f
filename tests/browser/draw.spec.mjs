// Drawing and uploading a digit, and everything else that is dropped on the page.
import { expect, png, test } from './lab.mjs';

const ONE = [[0.5, 0.15], [0.5, 0.5], [0.5, 0.88]];

async function trained(lab) {
  await lab.open('#preset=mnist&model.id=mlp');
  await lab.call('step', 250);
}

test('a drawn one is read as a one, and follows the training', async ({ lab, page }) => {
  await trained(lab);
  await lab.draw(ONE);
  await expect(lab.answer).toContainText('It says 1');
  const bars = await lab.bars();
  expect(bars).toHaveLength(10);
  expect(Math.abs(bars.reduce((sum, bar) => sum + bar) - 100)).toBeLessThan(6);
  const ink = await lab.sees.locator('canvas').evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return [canvas.width, canvas.height, new Set(data).size];
  });
  expect(ink.slice(0, 2)).toEqual([28, 28]);
  expect(ink[2], 'grey levels').toBeGreaterThan(2);
  const before = await lab.ask({ kind: 'predict', input: new Array(784).fill(30) });
  await lab.call('step', 40);
  const after = await lab.ask({ kind: 'predict', input: new Array(784).fill(30) });
  expect(after.labels[0].probability).not.toBe(before.labels[0].probability);
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(page.getByRole('button', { name: 'Clear' })).toBeDisabled();
});

test('an uploaded photo of dark ink on paper is read', async ({ lab, page }) => {
  await trained(lab);
  const photo = await png(page, { draw: 'M100 30 L100 170', background: '#e8e2d2' });
  await page.getByLabel('Upload a picture').setInputFiles({ name: 'one.png', mimeType: 'image/png', buffer: photo });
  await expect(lab.answer).toContainText('It says 1');
});

test('a photo that is dropped anywhere on the page is read', async ({ lab, page }) => {
  await trained(lab);
  const photo = await png(page, { draw: 'M100 30 L100 170' });
  await page.evaluate((bytes) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], 'one.png', { type: 'image/png' }));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }, [...photo]);
  await expect(lab.answer).toContainText('It says 1');
});

/** A PNG that says it has 10,000 × 10,000 pixels. */
const HUGE = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]),
  Buffer.from('IHDR'),
  Buffer.from([0, 0, 0x27, 0x10, 0, 0, 0x27, 0x10, 8, 6, 0, 0, 0, 0, 0, 0, 0]),
]);

for (const [name, buffer, words] of [
  ['empty', Buffer.alloc(0), 'empty'],
  ['no picture', Buffer.from('a letter, not a picture'), 'not a picture'],
  ['100 megapixels', HUGE, '100 megapixels'],
]) {
  test(`a file that is ${name} is refused in words`, async ({ lab, page }) => {
    await lab.open('#preset=mnist&model.id=mlp');
    await page.getByLabel('Upload a picture').setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer });
    await expect(page.getByText(words, { exact: false }).first()).toBeVisible();
    await lab.call('step', 2);
    expect((await lab.state()).run.step, 'the page goes on').toBe(2);
  });
}

test('a blank picture says that nothing was found', async ({ lab, page }) => {
  await lab.open('#preset=mnist&model.id=mlp');
  const blank = await png(page);
  await page.getByLabel('Upload a picture').setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: blank });
  await expect(page.getByText('Nothing was found', { exact: false }).first()).toBeVisible();
});

test('in a photo the shadow is no ink, and several digits are read one by one', async ({ lab, page }) => {
  await lab.open('#preset=mnist');
  await lab.call('play');
  await lab.until({ test_accuracy: 0.975 }, 110);
  await lab.call('pause');
  const upload = (name) => page.getByLabel('Upload a picture').setInputFiles(`tests/browser/files/${name}`);
  await upload('several__586.jpg');
  await expect(page.getByTestId('found')).toContainText('3 were found, each is read on its own: 586');
  await expect(page.getByTestId('found').getByRole('button')).toHaveCount(3);
  await page.getByRole('button', { name: /Digit 2: read as 8/ }).click();
  await expect(lab.answer).toContainText('It says 8');
  await upload('hardshadow__5.jpg');
  await expect(page.getByTestId('found')).toBeHidden();
  await expect(lab.answer).toContainText('It says 5');
});
