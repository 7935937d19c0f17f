// Bad luck: files that are missing or damaged, engines that die, browsers without what is needed.
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from './lab.mjs';

const middleFlipped = (bytes) => {
  const plain = Buffer.from(gunzipSync(bytes));
  plain[plain.length >> 1] ^= 0x40;
  return gzipSync(plain);
};

for (const [name, change, words] of [
  ['missing', 404, 'answered 404'],
  ['cut short', (bytes) => bytes.subarray(0, bytes.length / 2), 'cut short'],
  ['damaged in one byte', middleFlipped, 'checksum'],
  ['cut off by the network', 'cut', 'connection broke'],
  ['another file', () => Buffer.from('<html>not found</html>'), 'cannot be used'],
]) {
  test(`a shard that is ${name} ends in words, and Play tries again`, async ({ lab, site }) => {
    site.changes.push([/train-000-/, change]);
    await lab.open('#preset=mnist&model.id=mlp');
    await expect(lab.notices.first()).toContainText('train-000');
    await expect(lab.notices.first()).toContainText(words);
    site.changes.length = 0;
    await lab.play.click();
    await lab.until({ step: 10 });
  });
}

for (const [name, change] of [['stops half-way', 'stall'], ['never begins', 'silent']]) {
  test(`a shard that ${name} ends in words after 15 seconds, and Play tries again`, async ({ lab, site }) => {
    site.changes.push([/train-000-/, change]);
    await lab.open('#preset=mnist&model.id=mlp');
    await expect(lab.notices.first()).toContainText('nothing came for 15 seconds', { timeout: 40_000 });
    site.changes.length = 0;
    await lab.play.click();
    await lab.until({ step: 10 });
  });

  test(`a file to take along that ${name} ends in words after 15 seconds, and Go on takes it`, async ({ page, site }) => {
    site.changes.push([/^icons\//, change]);
    await page.goto(site.url);
    const take = page.getByTestId('take-all');
    await take.getByRole('button').click();
    await expect(take.getByRole('alert')).toContainText('Nothing came for 15 seconds', { timeout: 60_000 });
    site.changes.length = 0;
    const before = site.requests.length;
    await take.getByRole('button', { name: 'Go on' }).click();
    await expect.poll(() => site.requests.slice(before).filter((path) => !path.startsWith('icons/')).length).toBeGreaterThan(3);
  });
}

for (const [name, pattern, change] of [
  ['never begins', /^app-[^_]*\.js$/, 'silent'],
  ['stops half-way', /^app-.*_bg\.wasm$/, 'stall'],
]) {
  test(`a program whose download ${name} is said after 15 seconds, and Reload starts it`, async ({ page, site }) => {
    site.changes.push([pattern, change]);
    await page.goto(`${site.url}#preset=mnist`, { waitUntil: 'commit' });
    const told = page.getByRole('alert').filter({ hasText: 'on its way for 15 seconds' });
    await expect(told).toBeVisible({ timeout: 40_000 });
    site.changes.length = 0;
    await told.getByRole('button', { name: 'Reload' }).click();
    await expect(page.getByTestId('play')).toBeEnabled();
    await expect(told).toHaveCount(0);
  });
}

test('a killed engine is started again and goes on from its checkpoint', async ({ lab, page }) => {
  await lab.open('#preset=mnist&model.id=mlp');
  await lab.call('step', 60);
  await lab.until({ test_accuracy: 0.3 });
  await lab.call('play');
  await lab.until({ step: 80 });
  await page.evaluate(() => window.intab.engines.kill('cpu'));
  await expect(lab.notices.last()).toContainText(/goes on on the CPU from step \d+/);
  await lab.until({ step: 150 });
  const { run } = await lab.state();
  expect(run.state).toBe('playing');
  expect(run.train.loss, 'not from the start').toBeLessThan(1.2);
});

test('an engine whose script is missing is said in words', async ({ page, site }) => {
  site.changes.push([/engine_cpu-.*worker\.js/, 404]);
  await page.goto(`${site.url}#preset=mnist`);
  await expect(page.getByTestId('notice').first()).toBeVisible();
  await expect(page.getByTestId('play')).toBeDisabled();
});

test('a browser that keeps nothing still learns', async ({ lab, page }) => {
  await page.addInitScript(() => Object.defineProperty(window, 'caches', { get: () => undefined }));
  await page.addInitScript(() => Object.defineProperty(window, 'localStorage', { get: () => { throw new Error('denied'); } }));
  await lab.open('#preset=mnist&model.id=mlp');
  await lab.call('step', 20);
  expect((await lab.state()).run.step).toBe(20);
});

test('without WebGPU the page says so and the CPU trains', async ({ lab, page }) => {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined }));
  await lab.open('#preset=mnist&model.id=mlp', { engine: null });
  await expect.poll(async () => (await lab.state()).engine.reason).toMatch(/GPU|WebGPU/);
  await lab.call('step', 5);
  expect((await lab.state()).engine.kind).toBe('cpu');
});

test('a refused adapter leaves the CPU training', async ({ lab, page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'gpu', { get: () => ({ requestAdapter: async () => null }) });
  });
  await lab.open('#preset=mnist&model.id=mlp', { engine: 'gpu' });
  await lab.call('step', 5);
  expect((await lab.state()).engine.kind).toBe('cpu');
});
