// How soon a slide that is left stops training. Without a trace: what records it looks at every frame, on the
// thread that is measured.
import { deck } from './deck.mjs';
import { expect, test } from './lab.mjs';

test.use({ trace: 'off' });

test('leaving a slide pauses its lab within a tenth of a second, by a key that was pressed in the lab', async ({ page, site }) => {
  test.setTimeout(240_000);
  // The slide that is gone to has no lab: one that is loaded there has the same thread, and its answer would wait for that.
  const { frame, at } = await deck(page, site, '<section><h2>words</h2></section>');
  await page.keyboard.press('ArrowRight');
  await at(1);
  const one = await frame('one');
  await one.getByTestId('play').click();
  const pauses = [];
  for (let round = 0; round < 5; round += 1) {
    const { run } = await one.evaluate(() => window.intab.until({ state: 'playing' }, 60));
    await one.evaluate((step) => window.intab.until({ step }, 60), run.step + 200);
    await page.evaluate(() => { window.told.length = 0; });
    await page.keyboard.press('ArrowLeft');
    await at(0);
    // The frame tells the deck; the deck's own clock says how long that took.
    await page.waitForFunction(() => window.told.some(({ id, event, run }) => id === 'one' && event === 'state' && run.state === 'paused'));
    pauses.push(await page.evaluate(() => window.told.find(({ event, run }) => event === 'state' && run.state === 'paused').at - window.changed));
    const left = (await one.evaluate(() => window.intab.state())).run.step;
    await page.keyboard.press('ArrowRight');
    await at(1);
    // Not a step was taken meanwhile.
    const back = await page.waitForFunction((left) => window.told.find(({ id, event, run }) => id === 'one' && event === 'state' && run.state === 'playing' && run.step >= left)?.run.step, left);
    expect(await back.jsonValue()).toBe(left);
    await one.locator('.status').click();
  }
  console.log(`paused after ${pauses.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  // Whatever else the machine is busy with only adds to it: the least is what the page itself takes.
  expect(Math.min(...pauses), 'the least of five').toBeLessThanOrEqual(100);
});
