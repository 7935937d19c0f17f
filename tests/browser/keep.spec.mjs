// What was learned is not lost: weight files, reloads, background tabs.
import { readFileSync } from 'node:fs';
import { expect, keptRuns, test } from './lab.mjs';

const MLP = '#preset=mnist&model.id=mlp';

test('weights are downloaded with what they are, and loaded back', async ({ lab, page }) => {
  await lab.open(MLP);
  await lab.call('step', 120);
  await lab.until({ test_accuracy: 0.5 });
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download weights' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^intab-mnist-mlp-\d+(\.\d+)?\.safetensors$/);
  const bytes = readFileSync(await file.path());
  const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString());
  const metadata = header.__metadata__;
  expect(JSON.parse(metadata.labels)).toHaveLength(10);
  expect(JSON.parse(metadata.spec).model.id).toBe('mlp');
  expect(JSON.parse(metadata.mean)).toHaveLength(1);
  expect(JSON.parse(metadata.test_count)).toBe(10_000);
  expect(JSON.parse(metadata.test_accuracy)).toBeGreaterThan(0.5);
  expect(metadata.seed).toBe('7');
  expect(header['1.weight'].shape).toEqual([128, 784]);

  const before = await lab.ask({ kind: 'predict', input: new Array(784).fill(90) });
  await lab.call('set', { 'model.id': 'cnn' });
  await page.getByLabel('Load weights').setInputFiles({ name: 'w.safetensors', mimeType: '', buffer: bytes });
  await expect.poll(async () => (await lab.state()).run.step).toBe(120);
  expect((await lab.state()).spec['model.id']).toBe('mlp');
  expect(await lab.ask({ kind: 'predict', input: new Array(784).fill(90) }).then((a) => a.labels)).toEqual(before.labels);

  // Cut short, or nothing of the kind: words, and the run stays.
  for (const bad of [bytes.subarray(0, bytes.length / 2), Buffer.from('no weights')]) {
    await page.getByLabel('Load weights').setInputFiles({ name: 'w.safetensors', mimeType: '', buffer: bad });
    const trouble = page.getByTestId('weights-trouble');
    await expect(trouble, 'said where the hand is').toContainText('weight file cannot be used');
    expect((await lab.state()).run.step).toBe(120);
  }
  await page.evaluate(() => { window.location.hash = '#preset=fashion'; });
  await expect(page.getByTestId('weights-trouble'), 'gone with what it was about').toBeEmpty();
});

test('a run survives a reload and goes on where it was', async ({ lab, page }) => {
  await lab.open(MLP);
  await lab.call('step', 80);
  const losses = lab.until({ test_accuracy: 0.3 });
  await losses;
  await expect.poll(async () => (await keptRuns(page)).at(-1)?.progress.step).toBe(80);
  await page.reload();
  await lab.ready();
  await expect(lab.offer).toContainText('step 80');
  await lab.offer.getByRole('button', { name: 'Continue' }).click();
  await expect.poll(async () => (await lab.state()).run.step).toBe(80);
  await lab.call('step', 5);
  const { run } = await lab.state();
  expect(run.step).toBe(85);
  expect(run.train.loss).toBeLessThan(1.5);
});

test('a run that is discarded is gone', async ({ lab, page }) => {
  await lab.open(MLP);
  await lab.call('step', 30);
  await expect.poll(async () => (await keptRuns(page)).length).toBe(1);
  await page.reload();
  await lab.ready();
  await lab.offer.getByRole('button', { name: 'Discard' }).click();
  await expect(lab.offer).toHaveCount(0);
  await page.reload();
  await lab.ready();
  await expect(lab.samples.locator('img')).toHaveCount(30);
  await expect(lab.offer).toHaveCount(0);
});

test('in a background tab it pauses, or goes on if the visitor chose so', async ({ lab, page }) => {
  const hide = (hidden) => page.evaluate((hidden) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (hidden ? 'hidden' : 'visible') });
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }, hidden);
  await lab.open(MLP);
  await page.getByTestId('engine').locator('summary').click();
  const goOn = page.getByLabel('Keep training when this tab is in the background');
  await goOn.setChecked(false);
  await lab.call('play');
  await hide(true);
  await lab.until({ state: 'paused' });
  await hide(false);
  await lab.until({ state: 'playing' });
  await goOn.setChecked(true);
  await hide(true);
  const { run } = await lab.state();
  await lab.until({ step: run.step + 30 });
  expect((await lab.state()).run.state).toBe('playing');
});
