// What a visitor finds, before and without touching anything.
import { expect, test } from './lab.mjs';

test('the page is drawn and usable, with real digits and the network', async ({ lab, page }) => {
  await lab.open();
  await expect(page.getByTestId('sentence')).toContainText('learn to read handwritten digits');
  await expect(lab.samples.locator('img')).toHaveCount(30);
  const inked = await lab.samples.locator('img').evaluateAll((all) => all.map((image) => {
    const { naturalWidth: width, naturalHeight: height } = image;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context.drawImage(image, 0, 0);
    return new Set(context.getImageData(0, 0, width, height).data).size;
  }));
  expect(Math.min(...inked), 'grey levels of the blankest digit').toBeGreaterThan(10);
  await expect(page.getByTestId('split')).toContainText('60,000 to learn from, 10,000 to test on');
  await expect(lab.network).toContainText('Convolution 5 × 5');
  await expect(lab.network).toContainText('8 × 28 × 28');
  await expect(page.getByTestId('parameters')).toContainText('54,314 parameters');
  await expect(lab.play).toHaveText('Play');
});

test('nothing but the page’s own host is asked for anything', async ({ lab, page, site }) => {
  const hosts = new Set();
  page.context().on('request', (request) => hosts.add(new URL(request.url()).origin));
  await lab.open();
  await expect(lab.samples.locator('img')).toHaveCount(30);
  hosts.delete('null');
  expect([...hosts]).toEqual([new URL(site.url).origin]);
});

test('a second visit fetches no data again', async ({ lab, page, site }) => {
  const shards = () => site.requests.filter((path) => path.endsWith('.shard'));
  const everything = () => expect(page.getByTestId('panel-data')).toContainText('All here', { timeout: 60_000 });
  await lab.open();
  await everything();
  const first = shards();
  expect(first).toHaveLength(35);
  expect(new Set(first).size, 'each once').toBe(35);
  await page.reload();
  await lab.ready();
  await everything();
  expect(shards()).toHaveLength(35);
});

test('another dataset and another model are a choice away', async ({ lab, page }) => {
  await lab.open('#preset=fashion');
  await expect(lab.samples).toContainText('Ankle boot');
  await lab.call('set', { 'model.id': 'mlp' });
  await expect(page.getByTestId('parameters')).toContainText('109,386 parameters');
  await expect(page).toHaveURL(/model\.id=mlp/);
  await page.reload();
  await lab.ready();
  expect((await lab.state()).spec['model.id']).toBe('mlp');
});

test('a link with wrong keys opens and names them', async ({ lab }) => {
  await lab.open('#preset=mnist&train.learning_rate=fast&colour=red&train.batch_size=32');
  await expect(lab.notices).toContainText('colour');
  await expect(lab.notices).toContainText('train.learning_rate');
  const { spec } = await lab.state();
  expect(spec['train.batch_size']).toBe(32);
  expect(spec['train.learning_rate']).toBe(0.004);
});
