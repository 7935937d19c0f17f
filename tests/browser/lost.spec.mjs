// Nothing that was trained is lost, nothing stands still without a word, and a result is of the step that it names.
import { readFileSync } from 'node:fs';
import { expect, keptRuns, test } from './lab.mjs';

const MLP = '#preset=mnist&model.id=mlp&train.epochs=200';

/** Reloads in the middle of a step, and says what was trained until the page went: it learns on for a moment after. */
const reload = async (page) => {
  await page.evaluate(() => {
    addEventListener('pagehide', () => sessionStorage.setItem('before', JSON.stringify(window.intab.state().run)));
    location.reload();
  });
  await page.waitForFunction(() => sessionStorage.getItem('before'));
  return page.evaluate(() => {
    const before = JSON.parse(sessionStorage.getItem('before'));
    sessionStorage.removeItem('before');
    return before;
  });
};

test('a reload while it trains, also a young run, loses no more than two seconds', async ({ lab, page }) => {
  await lab.open(MLP);
  for (const seconds of [1.7, 2.9, 4.3, 5.1]) {
    await lab.call('play');
    await page.waitForFunction((seconds) => window.intab.state().run.seconds_training > seconds, seconds);
    const before = await reload(page);
    await page.waitForFunction(() => document.readyState === 'complete' && window.intab);
    await lab.ready();
    await lab.offer.getByRole('button', { name: 'Continue' }).click();
    await lab.until({ step: 1 });
    const { run } = await lab.state();
    expect(run.step).toBeLessThanOrEqual(before.step);
    expect(before.seconds_training - run.seconds_training, `after ${seconds} s`).toBeLessThan(2);
  }
});

test('two tabs keep a run each: the newest of the lab is offered, the others are listed', async ({ lab, page, context }) => {
  await lab.open('#preset=penguins');
  const other = await context.newPage();
  await other.goto(`${lab.site.url}#preset=spiral`);
  await other.waitForFunction(() => window.intab);
  const steps = (page, count) => page.evaluate((count) => window.intab.step(count), count);
  await Promise.all([steps(page, 41), steps(other, 52)]);
  await expect.poll(async () => (await keptRuns(page)).map(({ progress }) => progress.step).toSorted()).toEqual([41, 52]);
  // What this tab trained comes first, also when another trained later.
  await page.reload();
  await lab.ready();
  await expect(lab.offer).toContainText('step 41');
  await lab.offer.getByText('1 other run is kept').click();
  await expect(lab.offer.getByRole('listitem')).toContainText('step 52');
  await other.close();
  const third = await context.newPage();
  await third.goto(`${lab.site.url}#preset=spiral`);
  const offer = third.getByTestId('offer');
  await expect(offer.locator('> p')).toContainText('step 52');
  await offer.getByText('1 other run is kept').click();
  await offer.getByRole('listitem').getByRole('button', { name: 'Continue' }).click();
  await expect.poll(() => third.evaluate(() => window.intab.state().run.step)).toBe(41);
  expect(await third.evaluate(() => window.intab.state().preset)).toBe('penguins');
  await third.close();
  // Also where a first visit would start with half of the program.
  await page.goto('about:blank');
  await page.goto(`${lab.site.url}#preset=mnist`);
  await lab.ready();
  await expect(lab.offer).toContainText(/other runs? (is|are) kept/);
});

test('a checkpoint is offered with what its own weights reached', async ({ lab, page }) => {
  await lab.open(MLP);
  await lab.call('step', 150);
  await expect.poll(async () => (await lab.state()).run.test?.step).toBe(150);
  const { run } = await lab.state();
  const percent = `${(run.test.accuracy * 100).toFixed(2)} %`;
  await expect.poll(async () => (await keptRuns(page)).at(-1)?.evaluations.at(-1)?.step).toBe(150);
  await page.reload();
  await lab.ready();
  await expect(lab.offer).toContainText(`to ${percent}`);
});

for (const [name, hash] of [['the penguins', '#preset=penguins'], ['the spiral', '#preset=spiral&train.epochs=3'], ['digits', '#preset=mnist&model.id=mlp&train.epochs=1&train.batch_size=512']]) {
  test(`a run is done when its last evaluation is (${name})`, async ({ lab }) => {
    await lab.open(hash);
    await lab.call('play');
    const { run } = await lab.until({ state: 'done' });
    expect(run.test.step).toBe(run.step);
    expect(run.test.count).toBeGreaterThan(0);
    expect(run.test.total).toBe(run.test.count);
  });
}

test('a weight file says what its weights reach, whenever it is saved', async ({ lab, page }) => {
  await lab.open(MLP);
  await lab.call('step', 40);
  await lab.until({ test_accuracy: 0.1 });
  const [accuracy, step] = await page.evaluate(async () => {
    await window.intab.step(150);
    const bytes = new Uint8Array(await (await window.intab.save()).arrayBuffer());
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const { __metadata__: said } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    return [JSON.parse(said.test_accuracy), JSON.parse(said.step)];
  });
  expect(step).toBe(190);
  const { run } = await lab.until({ test_accuracy: 0.5 });
  expect(run.test.step).toBe(190);
  expect(accuracy).toBeCloseTo(run.test.accuracy, 9);
});

for (const [what, how] of [
  ['ends without a word', () => self.close()],
  ['never comes back', () => { setTimeout(() => { for (;;); }); }],
]) {
  test(`an engine that ${what} is replaced, and the run goes on from its checkpoint`, async ({ lab, page }) => {
    await lab.open(MLP);
    await lab.call('step', 60);
    await lab.call('play');
    await lab.until({ step: 80 });
    const [engine] = page.workers();
    engine.evaluate(how).catch(() => {}); // it does not come back from that
    await expect(lab.notices.last()).toContainText(/CPU engine no longer answers.*goes on on the CPU from step \d+/);
    const { run } = await lab.state();
    await lab.until({ step: run.step + 30 });
    await lab.reset.click();
    await expect.poll(async () => (await lab.state()).run.step).toBe(0);
  });

  test(`a reader of pictures that ${what} is said in words, and reads the next one`, async ({ lab, page }) => {
    await page.goto(`${lab.site.url}#preset=imagenet`);
    const picture = readFileSync('dist/samples/v1/bananas.jpg').toString('base64');
    const classify = () => page.evaluate(async (picture) => {
      const input = await (await fetch(`data:image/jpeg;base64,${picture}`)).blob();
      return window.intab.ask({ kind: 'classify', input }).then(({ labels }) => labels[0].name, (error) => error.message);
    }, picture);
    await page.waitForFunction(() => window.intab);
    expect(await classify()).toMatch(/banana/i);
    const reader = page.workers().at(-1);
    // One that closes may or may not answer first.
    await Promise.race([reader.evaluate(how).catch(() => {}), reader.waitForEvent('close')]);
    expect(await classify()).toContain('no longer answers');
    expect(await classify()).toMatch(/banana/i);
  });
}

test('a fault of the program ends in words and an offer to reload', async ({ page, site }) => {
  await page.goto(`${site.url}#preset=mnist`);
  await page.waitForFunction(() => window.intab);
  await page.evaluate(() => { setTimeout(() => { throw new WebAssembly.RuntimeError('unreachable'); }); });
  const told = page.getByRole('alert').filter({ hasText: 'your run is kept' });
  await expect(told).toBeVisible();
  await told.getByRole('button', { name: 'Reload' }).click();
  await page.waitForFunction(() => window.intab && !document.querySelector('.halted'));
});

test('five hundred switches between labs leave the page whole', async ({ lab, page }) => {
  test.setTimeout(300_000);
  await lab.open('#preset=mnist');
  const labs = ['mnist', 'penguins', 'spiral', 'digits', 'imagenet', 'own', 'fashion', 'plane', 'lecture', 'cifar10'];
  await page.evaluate(async (labs) => {
    const frame = () => new Promise((resolve) => { requestAnimationFrame(resolve); });
    const soon = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
    let seed = 7;
    const chance = (most) => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % most; };
    for (let turn = 0; turn < 500; turn += 1) {
      location.hash = `#preset=${labs[chance(labs.length)]}`;
      if (turn % 7 === 0) window.intab.play().catch(() => {});
      await [frame(), soon(chance(60)), soon(0)][chance(3)];
    }
  }, labs);
  await page.evaluate(() => { location.hash = '#preset=penguins'; });
  await expect(page.getByTestId('grid')).toBeVisible();
  await lab.call('step', 3);
  await expect(page.locator('.halted')).toHaveCount(0);
});

test('memory does not grow with the openings of labs', async ({ lab, page }) => {
  test.setTimeout(300_000);
  await lab.open('#preset=mnist');
  const openings = async (count) => {
    for (let turn = 0; turn < count; turn += 1) {
      const preset = ['fashion', 'mnist', 'penguins', 'spiral'][turn % 4];
      await page.evaluate((preset) => { location.hash = `#preset=${preset}`; }, preset);
      await page.waitForFunction((preset) => {
        const { preset: now, run } = window.intab.state();
        return now === preset && run.state === 'paused';
      }, preset);
    }
    return (await lab.state()).engine.memory;
  };
  const before = await openings(40);
  const after = await openings(80);
  // With what was read left subscribed, the page's program took 60 kB more at each opening, 4.8 MB in all.
  expect(after.page - before.page, 'bytes of the page’s program').toBeLessThan(1_000_000);
  expect(after.engine - before.engine, 'bytes of the engine').toBeLessThan(10_000_000);
});

/** Another lab, as the address asks for it, before anything else has its turn. */
const leaveFor = (page, lab) => page.evaluate((lab) => {
  history.replaceState(null, '', `#preset=${lab}`);
  dispatchEvent(new HashChangeEvent('hashchange'));
}, lab);

/** The page went on after its lab was left. */
const isWhole = async (lab, page) => {
  await page.evaluate(() => { location.hash = '#preset=spiral'; });
  await expect(page.getByTestId('surface')).toBeVisible();
  await lab.call('step', 1);
  await expect(page.locator('.halted')).toHaveCount(0);
};

test('a frame that comes when its lab was left finds the page whole', async ({ lab, page }) => {
  await lab.open('#preset=penguins');
  await leaveFor(page, 'imagenet');
  await expect(page.getByTestId('grid')).toHaveCount(0);
  // From here on a frame comes when it is told to.
  await page.evaluate(() => {
    const asked = [];
    window.requestAnimationFrame = (draw) => asked.push(draw);
    window.cancelAnimationFrame = (id) => { asked[id - 1] = () => {}; };
    window.frame = () => [...asked].forEach((draw) => draw(performance.now()));
    window.asked = asked;
  });
  const asked = () => page.evaluate(() => window.asked.length);
  await leaveFor(page, 'penguins');
  await expect.poll(asked).toBeGreaterThan(0);
  await leaveFor(page, 'imagenet');
  await expect(page.getByTestId('grid')).toHaveCount(0);
  await page.evaluate(() => window.frame());
  const before = await asked();
  await page.evaluate(() => document.querySelector('button.share').click());
  await expect.poll(asked).toBeGreaterThan(before);
  await page.evaluate(() => document.querySelector('[data-testid=share-dialog]').close());
  await expect(page.locator('#share-link')).toHaveCount(0);
  await page.evaluate(() => window.frame());
  await isWhole(lab, page);
});

// A browser tells a field that it takes off the page that it was changed and left.
for (const [what, preset, type] of [
  ['a cell', 'penguins', async (page) => {
    await page.getByTestId('grid').focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('cell-input').fill('Gentoo');
  }],
  ['a setting', 'penguins', async (page) => {
    await page.getByTestId('training').locator('summary').click();
    await page.locator('#set-train-epochs').fill('17');
  }],
  ['a layer', 'mnist', async (page) => {
    await page.getByTestId('edit-layers').click();
    await page.getByTestId('build-1').locator('input').first().fill('12');
  }],
]) {
  test(`${what} that is being typed when its lab is left is not taken`, async ({ lab, page }) => {
    await lab.open(`#preset=${preset}`);
    await type(page);
    const { spec } = await lab.state();
    await leaveFor(page, 'imagenet');
    await expect(page.getByTestId('panel-data')).toHaveCount(0);
    expect((await lab.state()).spec).toEqual(spec);
    await isWhole(lab, page);
  });
}

test('a download that its lab was left before is that lab’s run', async ({ lab, page }) => {
  await lab.open(MLP);
  await lab.call('step', 3);
  const download = page.waitForEvent('download');
  await page.evaluate(() => {
    [...document.querySelectorAll('button')].find((button) => button.textContent.includes('Download weights')).click();
    history.replaceState(null, '', '#preset=imagenet');
    dispatchEvent(new HashChangeEvent('hashchange'));
  });
  expect((await download).suggestedFilename()).toMatch(/^intab-mnist-mlp.*\.safetensors$/);
  await isWhole(lab, page);
});
