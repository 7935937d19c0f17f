// Sharing: the link, what it leaves out of the page, what to paste into slides and pages.
import AxeBuilder from '@axe-core/playwright';
import { expect, keptRuns, test } from './lab.mjs';

const MLP = '#preset=mnist&v=1&model.id=mlp';

/** Opens the dialog; with `teacher`, what a class sees can be chosen in it. */
async function share(page, { teacher = false } = {}) {
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Share' });
  await expect(dialog).toBeVisible();
  if (teacher) await dialog.getByLabel('Prepare for a class').setChecked(true);
  return dialog;
}

const link = (dialog) => dialog.locator('#share-link').inputValue();
const snippet = (dialog) => dialog.locator('#share-snippet').inputValue();
/** What is kept of the visitor's own run. */
const kept = async (page) => JSON.stringify((await keptRuns(page)).at(-1) ?? null);

test('the link is the page’s, the square follows it, and the keyboard leads in and out', async ({ lab, page, site }) => {
  await lab.open(`${MLP}&train.learning_rate=0.01`);
  const dialog = await share(page);
  expect(await link(dialog)).toBe(`${site.url}#preset=mnist&v=1&model.id=mlp&train.learning_rate=0.01&engine=cpu`);
  const square = dialog.getByRole('img', { name: 'The link as a QR code' });
  const before = await square.locator('path').getAttribute('d');
  await dialog.getByLabel('Trains as soon as it is open').check();
  expect(await link(dialog)).toMatch(/&play=1$/);
  await expect(square.locator('path')).not.toHaveAttribute('d', before);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Share', exact: true })).toBeFocused();
});

test('the link is copied, and where that is refused it is selected', async ({ lab, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await lab.open(MLP);
  const dialog = await share(page);
  const copy = dialog.locator('[data-copies=share-link]');
  await copy.click();
  await expect(copy).toHaveText('Copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await link(dialog));
  await page.evaluate(() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); });
  await dialog.locator('[data-copies=share-snippet]').click();
  await expect(dialog.getByRole('alert').filter({ hasText: 'does not let the page copy' })).toBeVisible();
  const selected = await dialog.locator('#share-snippet').evaluate((field) => field.value.slice(field.selectionStart, field.selectionEnd));
  expect(selected).toBe(await snippet(dialog));
});

test('every panel and control can be left out by a link, and nothing else goes with it', async ({ lab, page }) => {
  test.setTimeout(240_000);
  await lab.open(MLP);
  for (const summary of await page.locator('summary').all()) await summary.click();
  const dialog = await share(page, { teacher: true });
  await dialog.getByText('Single settings').first().click();
  const ids = (name) => dialog.locator(`input[name=${name}]`).evaluateAll((all) => all.map((input) => input.value));
  const [panels, controls] = [await ids('only'), await ids('control')];
  expect(panels).toEqual(['data', 'model', 'learned', 'try']);
  expect(controls.length).toBeGreaterThan(18);
  await page.keyboard.press('Escape');

  /** Which of them are seen now: those that are on this page at all have an element. */
  const seen = () => page.evaluate(([panels, controls]) => {
    const shows = (selector) => [...document.querySelectorAll(selector)].some((e) => e.getClientRects().length > 0);
    return {
      panels: panels.filter((id) => shows(`#panel-${id}`)),
      controls: controls.filter((id) => shows(`[data-control~="${id}"]`)),
    };
  }, [panels, controls]);
  const open = async (fields) => {
    await page.evaluate((hash) => { location.hash = hash; }, `${MLP}&engine=cpu${fields}`);
    await expect.poll(() => page.evaluate(() => document.adoptedStyleSheets.map((sheet) => sheet.cssRules.length).join()))
      .toBe(fields.includes('_hide') ? '1' : '0');
  };
  await open('');
  const all = await seen();
  expect(all.panels).toEqual(panels);
  // A list of layers is the builder's, weight decay a setting of AdamW alone.
  expect(controls.filter((id) => !all.controls.includes(id))).toEqual(['model.layers', 'train.weight_decay']);
  for (const id of controls.filter((id) => all.controls.includes(id))) {
    await open(`&${id}_hide=true`);
    const now = await seen();
    expect(now.panels).toEqual(panels);
    // A setting goes with the group that it is in, and a control with what it stands for.
    const alone = all.controls.filter((other) => !now.controls.includes(other));
    const within = { settings: /^(train|model)\.|^seed$|^data\.(?!id$)/, data: /^data\.id$/, 'train.learning_rate': /^rate$/, 'data.id': /^data$/ };
    expect(alone.filter((other) => other !== id && !within[id]?.test(other)), `with ${id}`).toEqual([]);
    expect(alone, `${id} is out of sight`).toContain(id);
  }
  for (const id of panels) {
    await open(`&only=${id}`);
    await expect.poll(async () => (await seen()).panels).toEqual([id]);
  }
});

test('one, two or three panels fill the page', async ({ lab, page }) => {
  await lab.open(MLP);
  for (const [width, height] of [[1280, 800], [960, 540]]) {
    await page.setViewportSize({ width, height });
    for (const only of [['learned'], ['data', 'try'], ['data', 'model', 'learned']]) {
      await page.evaluate((hash) => { location.hash = hash; }, `${MLP}&only=${only}`);
      await expect(page.locator('.panel:visible')).toHaveCount(only.length);
      const boxes = await page.locator('.panel:visible').evaluateAll((all) => all.map((e) => e.getBoundingClientRect().toJSON()));
      const right = boxes.reduce((edge, box) => {
        expect(Math.abs(box.left - edge)).toBeLessThan(2);
        expect(Math.abs(box.top - boxes[0].top)).toBeLessThan(2);
        expect(Math.abs(box.width - width / only.length)).toBeLessThan(2);
        return box.right;
      }, 0);
      expect(Math.abs(right - width)).toBeLessThan(2);
    }
  }
});

test('on a phone only tabs of what is shown are there, and the open one is among them', async ({ lab, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await lab.open(`${MLP}&only=model,try`);
  const tabs = page.getByRole('tab');
  await expect(tabs).toHaveCount(2);
  await expect(page.getByRole('tab', { selected: true })).toHaveText('Model');
  await expect(page.getByTestId('panel-model')).toBeVisible();
  await page.getByRole('tab', { selected: true }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { selected: true })).toHaveText('Try it');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { selected: true })).toHaveText('Model');
  // With one panel there is nothing to choose.
  await page.evaluate((hash) => { location.hash = hash; }, `${MLP}&only=learned`);
  await expect(tabs).toHaveCount(0);
  await expect(page.getByTestId('panel-learned')).toBeVisible();
});

test('the pages that train nothing of ours leave out what they have', async ({ lab, page, site }) => {
  await page.goto(`${site.url}#preset=own&only=data,try&play_hide=true&weights_hide=true`);
  await expect(page.locator('.panel:visible')).toHaveCount(2);
  await expect(page.getByTestId('train')).toBeHidden();
  await expect(page.getByTestId('own-keep')).toBeHidden();
  await page.evaluate(() => { location.hash = 'preset=imagenet&weights_hide=true&lab_hide=true'; });
  await expect(page.getByTestId('drop')).toBeVisible();
  await expect(page.locator('[data-control~=weights]')).toBeHidden();
  await expect(page.locator('[data-control~=lab]')).toBeHidden();
  await expect(page.getByRole('button', { name: 'Share', exact: true })).toBeVisible();
});

test('a key does nothing where its button is left out', async ({ lab, page }) => {
  await lab.open(`${MLP}&step_hide=true&reset_hide=true&help_hide=true`);
  await lab.call('step', 3);
  await page.keyboard.press('.');
  await page.keyboard.press('r');
  await page.keyboard.press('?');
  // A step that was asked for after them is taken after them.
  await lab.call('step', 1);
  expect((await lab.state()).run.step).toBe(4);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.evaluate((hash) => { location.hash = hash; }, `${MLP}&engine=cpu`);
  await expect(lab.step).toBeVisible();
});

test('a teacher sees what the class will, and comes back', async ({ lab, page }) => {
  await lab.open(MLP);
  const dialog = await share(page, { teacher: true });
  await dialog.getByLabel('What it learned').uncheck();
  await dialog.getByLabel('Share', { exact: true }).uncheck();
  expect(await link(dialog)).toMatch(/&only=data,model,try&share_hide=true$/);
  await dialog.getByRole('button', { name: 'Show me' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByTestId('panel-learned')).toBeHidden();
  await expect(page.getByRole('button', { name: 'Share', exact: true })).toBeHidden();
  await expect.poll(() => page.url()).toContain('share_hide=true');
  await page.getByRole('button', { name: 'Show everything' }).click();
  await expect(page.getByTestId('panel-learned')).toBeVisible();
  await expect.poll(() => page.url()).not.toContain('hide');

  const again = await share(page, { teacher: true });
  await again.getByLabel('Opens', { exact: true }).selectOption('preset=own');
  expect(await link(again)).toMatch(/#preset=own$/);
  await expect(again.getByText('Single settings')).toHaveCount(0);
});

test('each snippet is of the lab that the link opens, and the frame that it makes shows it', async ({ lab, page, site }) => {
  await lab.open(`${MLP}&seed=3`);
  const dialog = await share(page);
  const hosts = await dialog.locator('#share-host option').evaluateAll((all) => all.map((option) => option.value));
  expect(hosts).toEqual(['reveal', 'quarto', 'element', 'iframe', 'jupyter', 'notion', 'powerpoint', 'google']);
  const snippets = {};
  await dialog.getByText('320 × 480').click();
  for (const host of hosts) {
    await dialog.locator('#share-host').selectOption(host);
    snippets[host] = await snippet(dialog);
    expect(snippets[host], host).toContain('seed=3');
    expect(snippets[host], host).not.toMatch(/\{\w+\}/);
  }
  expect(snippets.iframe).toContain('aspect-ratio:320/480');
  expect(snippets.powerpoint).toBe(await link(dialog));
  for (const host of ['iframe', 'element']) {
    await page.goto(`${site.url}slides/`);
    await page.evaluate((html) => {
      document.body.innerHTML = html;
      for (const script of document.querySelectorAll('body script')) script.replaceWith(Object.assign(document.createElement('script'), { type: 'module', src: script.src }));
    }, snippets[host]);
    await expect.poll(() => page.frames().length, host).toBe(2);
    await expect.poll(() => page.frames()[1].url(), host).toMatch(/embed=1.*id=mnist-[\da-f]{4}.*#preset=mnist&v=1.*seed=3/);
    await expect(page.frames()[1].getByRole('button', { name: 'Start this lab' })).toBeVisible();
  }
});

test('the preview costs nothing, keeps nothing of its own, and goes with the dialog', async ({ lab, page, site }) => {
  await lab.open(`${MLP}&train.epochs=1000`);
  await lab.call('step', 30);
  await expect.poll(() => kept(page)).toContain('"step":30');
  const before = await kept(page);
  const asked = site.requests.filter((path) => path.endsWith('_bg.wasm')).length;
  const dialog = await share(page);
  for (const [size, width] of [['850 × 450', 850], ['640 × 360', 640], ['320 × 480', 320], ['960 × 540', 960]]) {
    await dialog.getByText(size).click();
    expect(await dialog.locator('iframe').evaluate((frame) => frame.clientWidth)).toBe(width);
    const [stage, place] = await dialog.locator('.share-stage').evaluate((e) => [e.offsetWidth, e.parentElement.offsetWidth]);
    expect(stage).toBeLessThanOrEqual(place + 2);
  }
  const frame = () => page.frames().find((frame) => frame.url().includes('embed=1'));
  await expect(frame().getByRole('button', { name: 'Start this lab' })).toBeVisible();
  expect(site.requests.filter((path) => path.endsWith('_bg.wasm')).length).toBe(asked);
  await lab.call('play');
  await frame().getByRole('button', { name: 'Start this lab' }).click();
  await frame().waitForFunction(() => window.intab);
  await frame().evaluate(() => window.intab.until({ step: 10 }, 60));
  await frame().evaluate(() => window.intab.pause());
  // The page goes on meanwhile.
  expect((await lab.state()).run.state).toBe('playing');
  await lab.call('pause');
  const now = JSON.parse(await kept(page));
  expect(now.progress.step).toBeGreaterThanOrEqual(JSON.parse(before).progress.step);
  expect(await page.evaluate(async () => (await (await caches.open('intab-v1')).keys()).filter(({ url }) => url.includes('run/frame')).length)).toBe(0);
  await page.keyboard.press('Escape');
  await expect.poll(() => page.frames().length).toBe(1);
});

test('the picture for slides that show no live page', async ({ lab, page }) => {
  await lab.open(MLP);
  await lab.call('step', 40);
  await lab.until({ test_accuracy: 0.2 });
  const dialog = await share(page);
  await dialog.locator('#share-host').selectOption('powerpoint');
  const card = dialog.getByTestId('card');
  expect(await card.evaluate((canvas) => [canvas.width, canvas.height])).toEqual([1920, 1080]);
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Download the picture' }).click();
  expect((await download).suggestedFilename()).toMatch(/^intab-mnist.*\.png$/);
});

for (const [width, height, scheme] of [[1280, 800, 'light'], [1280, 800, 'dark'], [390, 844, 'light']]) {
  test(`axe finds nothing in the dialog (${width}, ${scheme})`, async ({ lab, page }) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await lab.open(MLP);
    const dialog = await share(page, { teacher: true });
    await dialog.getByText('Single settings').first().click();
    await dialog.locator('#share-host').selectOption('google');
    if (width < 500) {
      const box = await dialog.boundingBox();
      expect([box.x, box.y, box.width, box.height]).toEqual([0, 0, width, height]);
      expect(await dialog.evaluate((e) => e.scrollWidth - e.clientWidth)).toBe(0);
    }
    const { violations } = await new AxeBuilder({ page }).include('.share-dialog').exclude('iframe').analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
  });
}
