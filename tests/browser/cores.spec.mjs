// Several cores train one network: what the page says of it, that the same run is the same, and that helpers may fail.
import { expect, test } from './lab.mjs';

const STEPS = 40;

/**
 * The first ten steps of a run on as many cores; what the engine says after them. On a busy machine a helper may be found too
 * slow after a while, and who measures waits for helpers first.
 */
async function begun(lab, cores) {
  await lab.open(`#preset=mnist&v=1&cores=${cores}`);
  await lab.ask({ kind: 'measure', steps: 1 });
  return (await lab.call('step', 10)).engine;
}

/** The losses of a run on as many cores, and how many trained in its tenth step. */
async function trained(lab, wanted) {
  const { cores } = await begun(lab, wanted);
  return { losses: await lab.firstLosses(STEPS - 10), cores };
}

test('two cores learn, the same twice, and say that they do', async ({ lab, site, page }) => {
  expect((await begun(lab, 2)).cores).toBe(2);
  const engine = page.getByTestId('engine');
  await expect(engine.locator('summary')).toContainText('CPU, 2 cores, SIMD');
  await engine.locator('summary').click();
  await expect(page.getByTestId('engine-cores')).toContainText('2 cores train');
  // The helper is the last to ask for the script that starts it, and asks for no program.
  const script = site.requests.findLastIndex((path) => /engine_cpu.*\.worker\.js$/.test(path));
  expect(site.requests.slice(script).filter((path) => path.endsWith('_bg.wasm'))).toEqual([]);

  const losses = await lab.firstLosses(STEPS - 10);
  expect(losses.length).toBe(STEPS);
  expect(losses.at(-1)).toBeLessThan(losses[0] / 2);
  await lab.call('reset');
  expect(await lab.firstLosses(STEPS)).toEqual(losses);

  // One core, from the next step on; remembered, and in the link.
  await page.getByRole('switch', { name: 'Train on all cores' }).click();
  await lab.call('step', 1);
  await expect(engine.locator('summary')).toContainText('CPU, one core, SIMD');
  await expect(page.getByTestId('engine-cores')).toContainText('you chose it');
  await expect(page).toHaveURL(/cores=1/);
  await page.goto(`${site.url}#preset=mnist`);
  await page.reload();
  await lab.ready();
  await expect(page.getByRole('switch', { name: 'Train on all cores', includeHidden: true })).not.toBeChecked();
});

test('helpers that die in the middle, or never start, change no loss', async ({ lab, site, page }) => {
  const { losses } = await trained(lab, 2);
  const worker = /engine_cpu.*\.worker\.js$/;
  const faults = [
    "let asked = 0; self.addEventListener('message', (event) => { asked += 1; if (asked > 9) { event.stopImmediatePropagation(); throw new Error('a helper dies'); } });",
    "throw new Error('a helper does not start');",
  ];
  for (const fault of faults) {
    site.changes = [[worker, (bytes) => `if (self.name === 'helper') { ${fault} }\n${bytes}`]];
    await page.goto('about:blank');
    const again = await trained(lab, 2);
    expect(again.losses).toEqual(losses);
    expect(again.cores).toBe(1);
  }
});

test('little work is not spread, and a link may ask for one core', async ({ lab, page }) => {
  await lab.open('#preset=spiral');
  await lab.call('step', 20);
  expect((await lab.state()).engine.cores).toBe(1);
  await page.getByTestId('engine').locator('summary').click();
  await expect(page.getByTestId('engine-cores')).toContainText('so little work');
  await page.goto('about:blank');
  expect((await trained(lab, 1)).cores).toBe(1);
});
