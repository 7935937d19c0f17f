// Each lesson done from its first step to its last, by doing what it asks for: nothing is done before, everything is
// done after.
import { expect, png, test } from './lab.mjs';
import { add, card, count, pictures } from './own.mjs';

const step = (page, at, done) => page.getByTestId('guide-now').getByRole('button', { name: new RegExp(`^Step ${at} of \\d: ${done ? 'done' : 'not done yet'}$`) });
const go = (page, at) => page.getByTestId('guide-now').getByRole('button', { name: new RegExp(`^Step ${at} of`) }).click();
const goal = (page) => page.getByTestId('guide-goal');

/** Goes to the step, finds it not done, does it, and finds it done. */
async function does(page, at, deed) {
  await go(page, at);
  await expect(step(page, at, false)).toHaveAttribute('aria-current', 'step');
  await deed();
  await expect(step(page, at, true), `step ${at}`).toBeVisible({ timeout: 60_000 });
}

const answer = (page, words) => page.locator('.guide-answers').getByRole('button', { name: words }).click();
const isNotDone = (page, at) => expect(step(page, at, false), `step ${at}`).toBeVisible();
const show = (page) => page.getByRole('button', { name: 'Show me', exact: true }).click();
const look = (lab) => lab.samples.getByRole('button').first().click();
const opens = async (lab, lesson, settings = '') => {
  await lab.page.goto('about:blank');
  await lab.open(`#lesson=${lesson}${settings}`);
};
/** Answers what is wrong, then what is right. */
async function thinks(page, at, wrong, right) {
  await does(page, at, async () => {
    await answer(page, wrong);
    await expect(page.getByTestId('guide-now')).toContainText('Not quite:');
    await isNotDone(page, at);
    await answer(page, right);
  });
  await expect(page.getByTestId('guide-now')).toContainText('Right.');
}

/** The page says that the run is at this step: what a lesson makes of it is said, too. */
const isAt = (page, run) => expect(page.getByTestId('numbers')).toHaveText(new RegExp(` step ${run}$`));

/** Trains that many steps, and waits for the last one. */
const train = async (lab, count) => {
  const { run } = await lab.state();
  await lab.call('step', count);
  await lab.until({ step: run.step + count });
};

test('lessons of pictures: looked, trained, tested, asked', async ({ lab, page }) => {
  test.setTimeout(240_000);
  await opens(lab, 'feed-forward');
  await does(page, 1, () => look(lab));
  await does(page, 2, () => page.getByTestId('layer-1').locator('canvas').last().hover());
  await does(page, 3, () => train(lab, 938));
  await does(page, 4, async () => { await lab.call('set', { 'model.hidden_1': 16 }); await train(lab, 469); });
  await does(page, 5, () => answer(page, 'Which pixels are neighbours'));

  // The commonest mistake is another one in every run.
  await opens(lab, 'clothes');
  await lab.call('set', { 'model.id': 'mlp' });
  await does(page, 1, () => look(lab));
  await go(page, 4);
  await expect(page.getByTestId('guide-now')).toContainText('Train it first');
  await does(page, 2, () => train(lab, 469));
  // The last step's own test.
  await expect.poll(async () => (await lab.state()).run.test?.step).toBe(469);
  const { classes, matrix } = await page.evaluate(() => {
    const rows = [...document.querySelectorAll('[data-testid=confusion] tbody tr')];
    return {
      classes: rows.map((row) => row.querySelector('th').innerText),
      matrix: rows.map((row) => [...row.querySelectorAll('td')].map((cell) => Number(cell.textContent.replace(/\D/g, '')) || 0)),
    };
  });
  const cells = matrix.flatMap((row, truth) => row.map((count, said) => ({ truth, said, count }))).filter(({ truth, said }) => truth !== said);
  const [most] = cells.toSorted((a, b) => b.count - a.count);
  await does(page, 3, () => page.getByTestId('confusion').locator('td').nth(most.truth * 10 + most.said).click());
  await does(page, 4, async () => {
    const answers = page.locator('.guide-answers').getByRole('button');
    await expect(answers).toHaveCount(3);
    const right = `“${classes[most.truth]}” taken for “${classes[most.said]}”`;
    for (const words of await answers.allInnerTexts()) {
      if (words.trim() === right) continue;
      await answers.filter({ hasText: words.trim() }).click();
      await expect(page.getByTestId('guide-now')).toContainText('Not quite:');
    }
    await answers.filter({ hasText: right }).click();
    await expect(page.getByTestId('guide-now')).toContainText(`Right. ${most.count} times`);
  });
  await does(page, 5, () => show(page));
});

test('a colour picture: its pixels, its training, a photo of the visitor', async ({ lab, page }) => {
  test.setTimeout(180_000);
  // The quickest network that gets there.
  await opens(lab, 'colour', '&model.id=cnn_quick&model.crop=4&train.epochs=0.4');
  const picture = lab.network.getByTestId('pixels');
  await does(page, 1, () => look(lab));
  // The numbers come with the network's answer.
  await expect(lab.answer).toContainText('It says');
  await does(page, 2, () => picture.hover());
  await expect(page.getByTestId('pixel')).toContainText('the network gets');
  await does(page, 3, () => show(page));
  await does(page, 4, async () => {
    await lab.step.click();
    await isAt(page, 1);
    await isNotDone(page, 4);
    await lab.play.click();
  });
  await lab.until({ state: 'done' });
  await expect(goal(page)).toHaveText(/^Goal reached/);
  await thinks(page, 5, 'Grey pictures cannot be mirrored', 'A mirrored 3 is no 3');
  await does(page, 6, async () => {
    const buffer = await png(page, { size: 90, background: '#28c' });
    await page.getByLabel('Upload a picture').setInputFiles({ name: 'ship.png', mimeType: 'image/png', buffer });
    await expect(lab.answer).toContainText('It says');
  });
  // By keyboard, too.
  await page.evaluate(() => { localStorage.removeItem('intab.lessons'); });
  await page.reload();
  await lab.ready();
  await does(page, 1, () => look(lab));
  await expect(lab.answer).toContainText('It says');
  await does(page, 2, () => picture.press('ArrowRight'));
});

test('a convolution: trained before the step is not trained for it, nor is another model only chosen', async ({ lab, page }) => {
  test.setTimeout(180_000);
  // Few filters are trained sooner.
  await opens(lab, 'convolution', '&model.filters_1=1&model.filters_2=2&model.hidden=8');
  await does(page, 1, () => look(lab));
  await go(page, 1);
  await train(lab, 469);
  await isAt(page, 469);
  await does(page, 2, () => lab.step.click());
  await does(page, 3, () => show(page));
  await does(page, 4, async () => {
    await page.locator('[data-control="model.id"]').getByRole('combobox').selectOption('Multi-layer perceptron');
    await isAt(page, 0);
    await isNotDone(page, 4);
    await train(lab, 468);
    await isAt(page, 468);
    await isNotDone(page, 4);
    await lab.step.click();
  });
  await thinks(page, 5, 'It has fewer layers', 'One filter is used everywhere');
});

test('the learning rate: typed is not trained', async ({ lab, page }) => {
  test.setTimeout(180_000);
  await opens(lab, 'learning-rate');
  await does(page, 1, () => train(lab, 300));
  await does(page, 2, async () => {
    await lab.call('set', { 'train.learning_rate': 1 });
    await expect(page.getByTestId('learning-rate')).toContainText('1');
    await expect(step(page, 2, false)).toBeVisible();
    await train(lab, 60);
  });
  await does(page, 3, async () => {
    await lab.reset.click();
    await lab.call('set', { 'train.learning_rate': 0.2 });
    await train(lab, 469);
    await lab.until({ test_accuracy: 0.85 });
    await train(lab, 938);
  });
  await does(page, 4, async () => { await lab.call('set', { 'train.optimizer': 'adam', 'train.learning_rate': 0.001 }); await train(lab, 240); });
  await does(page, 5, () => answer(page, 'A smaller learning rate'));
});

test('points of the plane: a neuron opened, a weight changed, the plane learned', async ({ lab, page }) => {
  await opens(lab, 'neurons');
  await does(page, 1, () => page.getByTestId('graph').locator('[data-neuron]').nth(2).click());
  await does(page, 2, async () => {
    const weight = page.getByTestId('neuron-card').locator('input').first();
    await weight.fill('2');
    await weight.press('Enter');
  });
  await does(page, 3, () => lab.play.click());
  await expect(goal(page)).toHaveText(/^Goal reached/);
  await lab.until({ state: 'done' });
  await does(page, 4, async () => {
    for (const left of ['1 hidden layer', '0 hidden layers']) {
      await page.getByTestId('fewer-layers').click();
      await expect(page.getByRole('group', { name: 'Hidden layers', exact: true })).toHaveText(left);
    }
    await isAt(page, 0);
    await isNotDone(page, 4);
    await lab.play.click();
  });
  await thinks(page, 5, 'To make it faster', 'A sum of sums is only another sum');
});

/** The run has ended, and was tested at its end. */
const isTested = async (lab, seconds = 150) => {
  await lab.until({ state: 'done' }, seconds);
  await expect.poll(async () => {
    const { run } = await lab.state();
    return run.test?.step === run.step;
  }, { timeout: 60_000 }).toBe(true);
  return (await lab.state()).run.test;
};
/** The network reads only what somebody sees. */
const states = async (page) => {
  await page.getByTestId('states').scrollIntoViewIfNeeded();
  await expect(page.getByTestId('unit')).toBeVisible();
};
/** The unit that it begins with may be the last one. */
const otherUnit = async (page) => {
  const next = page.getByTestId('next-unit');
  await (await next.isEnabled() ? next : page.getByTestId('unit-before')).click();
};
// The radio button itself is for screen readers; a pointer finds its label.
const strip = (page, name) => page.getByTestId(`strip-${name}`).locator('..').click();
const chooseCell = (page, name) => page.locator('[data-control="model.cell"]').getByRole('combobox').selectOption(name);

test('a network with memory: looked at untrained is not compared, and an empty beginning is none of the visitor', async ({ lab, page }) => {
  test.setTimeout(180_000);
  // Few units and half an epoch are below the line, too.
  await opens(lab, 'memory-networks', '&model.units=32&train.epochs=0.4');
  await does(page, 1, () => show(page));
  await go(page, 3);
  await show(page);
  await isNotDone(page, 3);
  await does(page, 2, () => lab.play.click());
  expect((await isTested(lab)).loss).toBeLessThan(2.44);
  await does(page, 3, () => show(page));
  const written = page.getByTestId('written');
  /** What it wrote, when it has. */
  const writes = async () => {
    await page.getByTestId('write-on').click();
    await expect(page.locator('.write-pace')).not.toBeEmpty();
    await expect(written).toHaveAttribute('aria-busy', 'false');
    return written.innerText();
  };
  await does(page, 4, async () => {
    await writes();
    await written.getByRole('button').first().click();
    await page.getByTestId('likely').locator('.likely-row').nth(1).click();
    await expect(written).toHaveAttribute('aria-busy', 'false');
    await isNotDone(page, 4);
    await expect(goal(page), 'nothing of the visitor yet').toHaveText(/^Goal:/);
    await page.getByTestId('prompt').getByLabel('Beginning', { exact: true }).fill('ma');
    expect(await writes()).toMatch(/^ma/);
  });
  await expect(goal(page)).toHaveText(/^Goal reached/);
  await does(page, 5, async () => {
    const temperature = page.locator('#write-temperature');
    await temperature.fill('0');
    await temperature.press('Enter');
    const first = await writes();
    expect(await writes(), 'at 0 it writes the same again').toBe(first);
    await isNotDone(page, 5);
    await temperature.fill('2');
    await temperature.press('Enter');
    expect(await writes()).not.toBe(first);
  });
  await thinks(page, 6, 'More names to learn from', 'It keeps in mind what came before');
});

test('why it forgets: an LSTM over 100 steps, an RNN not, and over 10', async ({ lab, page }) => {
  test.setTimeout(240_000);
  await opens(lab, 'forgetting');
  await does(page, 1, () => lab.play.click());
  expect((await isTested(lab)).accuracy).toBe(1);
  await does(page, 2, async () => {
    await chooseCell(page, 'RNN');
    await isAt(page, 0);
    await isNotDone(page, 2);
    await lab.play.click();
  });
  expect((await isTested(lab)).accuracy, 'chance is 1 of 8').toBeLessThan(0.3);
  await expect(goal(page)).toHaveText(/^Goal:/);
  await does(page, 3, async () => {
    const distance = page.getByTestId('number-data.distance').getByRole('textbox');
    await distance.fill('10');
    await distance.press('Enter');
    await isAt(page, 0);
    await isNotDone(page, 3);
    await lab.play.click();
  });
  await expect(goal(page)).toHaveText(/^Goal reached/);
  await does(page, 4, async () => {
    await chooseCell(page, 'LSTM');
    await isAt(page, 0);
    await states(page);
    await isNotDone(page, 4);
    await strip(page, 'forget');
  });
  await thinks(page, 5, 'It has too few units', 'The gradient was multiplied');
});

test('gates: one unit is not two, one gate is not two, and the goal waits for both', async ({ lab, page }) => {
  test.setTimeout(180_000);
  await opens(lab, 'gates', '&model.units=32&train.epochs=0.4');
  await does(page, 1, () => lab.play.click());
  await isTested(lab);
  await states(page);
  await does(page, 2, async () => {
    await otherUnit(page);
    await isNotDone(page, 2);
    await otherUnit(page);
  });
  await does(page, 3, () => page.getByTestId('states').getByRole('textbox').fill('maria'));
  await expect(goal(page), 'no gate yet').toHaveText(/^Goal:/);
  await does(page, 4, async () => {
    await strip(page, 'forget');
    await isNotDone(page, 4);
    await strip(page, 'input');
  });
  await expect(goal(page)).toHaveText(/^Goal reached/);
  await thinks(page, 5, 'It is cleared', 'It stays as it is');
});

test('fill the blank: a blank that is typed or made, one that is filled, and a goal that waits for both', async ({ lab, page }) => {
  test.setTimeout(180_000);
  // Small and quick: one of four is not reached, and the goal says so.
  await opens(lab, 'fill-the-blank', '&model.width=32&model.blocks=1&data.size=500&train.epochs=1.1');
  await does(page, 1, () => show(page));
  await does(page, 2, () => lab.play.click());
  await lab.until({ state: 'done' }, 120);
  // Nothing is asked for a panel that nobody sees.
  await page.getByTestId('attention').scrollIntoViewIfNeeded();
  await does(page, 3, async () => {
    await page.getByTestId('head-0-1').click();
    await isNotDone(page, 3);
    await page.getByTestId('head-0-2').click();
  });
  const field = page.getByTestId('fill').getByRole('textbox');
  await does(page, 4, async () => {
    await field.fill('A dog on a beach');
    await isNotDone(page, 4);
    await field.evaluate((area) => area.setSelectionRange(2, 5));
    await page.getByTestId('hide').click();
    await expect(field).toHaveValue('A [MASK] on a beach');
    await isNotDone(page, 4);
    await page.getByTestId('blank').getByRole('button').first().click();
  });
  await expect(goal(page)).toHaveText(/^Goal:/);
  await thinks(page, 5, 'BERT has more parameters', 'What BERT is asked for is hidden');
});

const choosePositions = (page, name) => page.locator('[data-control="model.positions"]').getByRole('combobox').selectOption(name);

test('positions: without them hardly a word is turned around, with a table or with waves nearly all', async ({ lab, page }) => {
  test.setTimeout(480_000);
  await opens(lab, 'positions');
  await does(page, 1, () => lab.play.click());
  expect((await isTested(lab)).accuracy).toBeGreaterThanOrEqual(0.99);
  await does(page, 2, async () => {
    await choosePositions(page, 'None');
    await isAt(page, 0);
    await isNotDone(page, 2);
    await lab.play.click();
  });
  expect((await isTested(lab)).accuracy).toBeLessThanOrEqual(0.05);
  await thinks(page, 3, 'tablet', 'enlist');
  await expect(goal(page)).toHaveText(/^Goal:/);
  await does(page, 4, async () => {
    await choosePositions(page, 'Sinusoidal');
    await isAt(page, 0);
    await isNotDone(page, 4);
    await lab.play.click();
  });
  await expect(goal(page)).toHaveText(/^Goal reached/);
  await thinks(page, 5, 'It has too few weights', 'Every token is treated alike');
});

test('attention: two heads are not three, the letters behind the sign, and a word of the visitor', async ({ lab, page }) => {
  test.setTimeout(240_000);
  await opens(lab, 'attention');
  await does(page, 1, () => lab.play.click());
  await isTested(lab);
  const attention = page.getByTestId('attention');
  await attention.scrollIntoViewIfNeeded();
  const heads = attention.getByRole('group', { name: 'Heads' }).getByRole('button');
  await expect(heads).toHaveCount(8);
  await does(page, 2, async () => {
    await heads.nth(1).click();
    await heads.nth(4).click();
    await isNotDone(page, 2);
    await heads.nth(5).click();
  });
  await does(page, 3, async () => {
    const tokens = attention.getByTestId('looked-at').locator('.mind-token');
    for (const at of [2, 3, 4]) await tokens.nth(at).click();
  });
  await expect(goal(page), 'no word of the visitor yet').toHaveText(/^Goal:/);
  await does(page, 4, () => attention.getByRole('textbox').fill('notebook>koobeton'));
  await expect(goal(page)).toHaveText(/^Goal reached/);
  await thinks(page, 5, 'The first letter of the word', 'The last letter of the word');
});

test('sixteen by sixteen words: heads, patches that look, all blocks together, a digit of the visitor', async ({ lab, page }) => {
  test.setTimeout(360_000);
  // Pictures that are not changed by chance are learned sooner.
  await opens(lab, 'sixteen-words', '&train.augment=off');
  await does(page, 1, async () => {
    await lab.call('play');
    await lab.until({ test_accuracy: 0.8 }, 240);
    await lab.call('pause');
  });
  const attention = page.getByTestId('patch-attention');
  await attention.scrollIntoViewIfNeeded();
  const heads = attention.getByRole('group', { name: 'Heads' }).getByRole('button');
  await expect(heads).toHaveCount(12);
  await does(page, 2, async () => {
    for (const at of [1, 5]) await heads.nth(at).click();
    await isNotDone(page, 2);
    await heads.nth(9).click();
  });
  const stage = attention.getByTestId('patches');
  await does(page, 3, async () => {
    await stage.scrollIntoViewIfNeeded();
    const { width, height } = await stage.boundingBox();
    for (const share of [0.1, 0.4, 0.6]) await stage.click({ position: { x: width * share, y: height * share } });
  });
  await expect(goal(page), 'not all blocks together yet').toHaveText(/^Goal:/);
  await does(page, 4, () => attention.getByTestId('rollout').click());
  await expect(goal(page)).toHaveText(/^Goal reached/);
  await does(page, 5, () => lab.draw([[0.5, 0.2], [0.5, 0.8]]));
  await thinks(page, 6, 'Nothing that makes sense', 'The same as before');
});

test('a network that comes trained: the overlay, its layers, two photos', async ({ lab, page, site }) => {
  await page.goto(`${site.url}#lesson=foundation`);
  const sample = (name) => page.getByRole('button', { name }).click();
  await does(page, 1, () => sample('Bananas'));
  await expect(page.getByTestId('verdict')).toContainText('Banana');
  await does(page, 2, () => page.locator('.segment').getByText('Where it looked', { exact: true }).click());
  const parts = page.getByTestId('inside').getByTestId('part');
  await does(page, 3, async () => {
    for (const part of [parts.first(), parts.last()]) {
      await part.locator('summary').click();
      await part.locator('.net-layer').first().click();
    }
  });
  await expect(goal(page), 'one photo so far').toHaveText(/^Goal:/);
  const others = page.getByTestId('picture-samples').getByRole('button');
  await others.nth(1).click();
  await expect(goal(page)).toHaveText(/^Goal reached/);
  await does(page, 4, () => show(page));
  await thinks(page, 5, 'All, from scratch', 'The last one');
  await page.goto(`${site.url}#lesson=million-photos`);
  await expect(page.getByTestId('guide')).toContainText('A million photos');
  await does(page, 2, () => show(page));
});

test('a million photos: shown is nothing without a photo, one photo counts for one step, three for the goal', async ({ lab, page, site }) => {
  await page.goto(`${site.url}#lesson=million-photos`);
  const photos = page.getByTestId('picture-samples').getByRole('button');
  await go(page, 2);
  await show(page);
  await isNotDone(page, 2);
  await does(page, 1, () => photos.nth(0).click());
  await does(page, 2, () => show(page));
  const give = async (name, background) => {
    const buffer = await png(page, { size: 120, background, draw: 'M 20 20 L 100 60' });
    await page.getByLabel('Choose pictures').setInputFiles({ name, mimeType: 'image/png', buffer });
  };
  await does(page, 3, () => give('diagram.png', '#fff'));
  await thinks(page, 4, 'That a dog is of a certain breed', 'I have not learned this');
  await expect(goal(page), 'two photos so far').toHaveText(/^Goal:/);
  await give('another.png', '#2a4');
  await expect(goal(page)).toHaveText(/^Goal reached/);
  expect(lab).toBeTruthy();
});

test('what is where: a picture, its scores, all of its boxes, one of many, and a box that is dragged', async ({ lab, page, site }) => {
  await page.goto(`${site.url}#lesson=detection`);
  const control = (name) => page.locator(`[data-control="${name}"]`);
  await does(page, 1, async () => {
    await page.getByTestId('picture-samples').getByRole('button', { name: 'A pizza' }).click();
    await expect(page.getByTestId('took')).toBeVisible();
  });
  await does(page, 2, () => control('score').press('ArrowRight'));
  await does(page, 3, () => control('suppress').uncheck());
  await go(page, 4);
  await control('suppress').check();
  await isNotDone(page, 4);
  await does(page, 4, () => control('step-by-step').click());
  await page.getByRole('button', { name: 'Done', exact: true }).click();
  await control('own-box').check();
  // A corner of the picture shares little with anything.
  const paper = page.getByTestId('own-paper');
  const drag = async (from, to) => {
    await page.mouse.move(...from);
    await page.mouse.down();
    await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2);
    await page.mouse.move(...to);
    await page.mouse.up();
  };
  await go(page, 5);
  await paper.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  const whole = await paper.boundingBox();
  await drag([whole.x + 2, whole.y + 2], [whole.x + 12, whole.y + 12]);
  await isNotDone(page, 5);
  await expect(goal(page)).toHaveText(/^Goal:/);
  await page.getByRole('button', { name: 'Remove the box' }).click();
  await does(page, 5, async () => {
    await paper.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    const box = await page.locator('.found-box').last().boundingBox();
    await drag([box.x + 1, box.y + 1], [box.x + box.width - 1, box.y + box.height - 1]);
    await expect(page.getByTestId('own-sum')).toContainText('÷');
  });
  await expect(goal(page)).toHaveText(/^Goal reached/);
  await thinks(page, 6, '0.25', '0.5');
  expect(lab).toBeTruthy();
});

test('own things: six pictures of one kind are not two kinds, and shown is nothing before it is trained', async ({ lab, page, site }) => {
  test.setTimeout(180_000);
  await page.goto(`${site.url}#lesson=own-things`);
  await does(page, 1, async () => {
    await add(page, 0, await pictures(page, 'stripes', 6));
    await expect(count(page, 0)).toHaveText('6 pictures');
    await isNotDone(page, 1);
    await add(page, 1, await pictures(page, 'dots', 3));
  });
  await go(page, 3);
  await show(page);
  await isNotDone(page, 3);
  await expect(goal(page)).toHaveText(/^Goal:/);
  await does(page, 2, () => page.getByTestId('train').click());
  await expect(goal(page)).toHaveText(/^Goal reached/);
  await does(page, 3, () => show(page));
  await does(page, 4, async () => {
    await page.getByLabel('A picture to try').setInputFiles(await pictures(page, 'dots', 1, 40));
    await expect(page.getByTestId('own-answer')).toContainText('It says');
  });
  await thinks(page, 5, 'It had too few epochs', 'It learned table and bed');
  expect(lab).toBeTruthy();
});

test('own classes: tried is not shown, and the goal waits for the second training', async ({ lab, page, site }) => {
  test.setTimeout(240_000);
  await page.goto(`${site.url}#lesson=how-much`);
  const colours = [['#c22', '#d55'], ['#22c', '#55d']];
  const give = async (count, from) => {
    for (const n of [0, 1]) {
      const files = [];
      for (let i = from; i < from + count; i += 1) {
        const buffer = await png(page, { size: 60 + i, background: colours[n][i % 2], draw: `M ${i} 5 L 50 ${i * 2}` });
        files.push({ name: `${n}-${i}.png`, mimeType: 'image/png', buffer });
      }
      await card(page, n).locator('input[accept^="image/*"]').setInputFiles(files);
      await expect(card(page, n).getByTestId('class-count')).toContainText(String(from + count));
    }
  };
  const trains = () => page.getByTestId('train').click();
  await does(page, 1, async () => { await give(3, 0); await trains(); });
  await does(page, 2, async () => {
    for (const n of [1, 2]) {
      const buffer = await png(page, { size: 90 + n, background: '#a33' });
      await page.getByLabel('A picture to try').setInputFiles({ name: `${n}.png`, mimeType: 'image/png', buffer });
      await expect(page.getByTestId('own-answer')).toContainText('It says');
    }
  });
  await does(page, 3, () => give(17, 3));
  await expect(goal(page)).toHaveText(/^Goal:/);
  await does(page, 4, trains);
  await expect(goal(page)).toHaveText(/^Goal reached/);
  await thinks(page, 5, 'Two classes are easy', 'Most was learned before');
});

test('how much is enough: ten of each, an experiment of five runs, and careless labels', async ({ lab, page }) => {
  test.setTimeout(240_000);
  await opens(lab, 'how-much-is-enough');
  await lab.call('set', { 'model.id': 'mlp' });
  await does(page, 1, () => train(lab, 150));
  await does(page, 2, async () => {
    // In this lab it is open by itself.
    const panel = page.getByTestId('experiment');
    await panel.getByLabel('Seeds').selectOption('1');
    await panel.getByTestId('experiment-run').click();
    await expect(page.getByTestId('experiment-status')).toContainText(/^[5-8] of 8 runs done/, { timeout: 90_000 });
    await panel.getByTestId('experiment-run').click();
  });
  await thinks(page, 3, 'Ten times fewer mistakes', 'A part of the mistakes goes');
  await expect(goal(page)).toHaveText(/^Goal:/);
  await does(page, 4, async () => {
    await lab.call('set', { 'data.per_class': 0, 'data.wrong_labels': 40 });
    await train(lab, 320);
  });
  await expect(goal(page)).toHaveText(/^Goal reached/);
  await thinks(page, 5, 'It finds out which labels', 'The mistakes do not agree');
});
