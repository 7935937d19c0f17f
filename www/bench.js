// `await intab.bench(name, params)`: a workload of the benchmark (bench/README.md) on the product's own path. A run like any
// other trains in its Web Worker, and the page's clock times it from one report of progress to the next: everything in
// between counts. Loaded when it is called. A page opened with `?bench=1` keeps nothing of what is done here.

const EXAMPLES = 60_000;
const TESTS = 10_000;
const NETWORKS = { W1: 'cnn', W2: 'mlp', W3: 'cnn', W6: 'cnn', W8: 'recurrent' };
/** What a network learns from, and its last examples: once they are there, all are. */
const DATA = { cnn: ['mnist', EXAMPLES - 1, TESTS - 1], mlp: ['mnist', EXAMPLES - 1, TESTS - 1], recurrent: ['shakespeare', 0, 0] };
/** Settings that are not the defaults: characters in an example. */
const OWN = { recurrent: { 'data.window': 64 } };
const ENGINES = { cpu: 'cpu', webgpu: 'gpu' };
const WORKLOADS = { W1: steps, W2: steps, W3: learn, W4: pictures, W6: oneStep, W8: steps, peak };

export async function bench(name, params = {}) {
  const work = Object.hasOwn(WORKLOADS, name) && WORKLOADS[name];
  if (!work) throw new Error(`there is no workload “${name}”; there are ${Object.keys(WORKLOADS).join(', ')}`);
  try {
    for (const began = performance.now(); !window.intab; await pause(20)) {
      if (performance.now() - began > 120_000) throw new Error('the page’s program did not start');
    }
    const catalogue = await window.intab.ready;
    const initMs = performance.now();
    const result = await work({ name, catalogue, seed: 7, lr: 1e-3, B: 64, backend: 'cpu', budgetS: 12, ...params });
    const { engine } = window.intab.state();
    return { ok: true, initMs, ...result, info: { version: window.intab.version, engine: engine.kind, adapter: engine.name, memory: engine.memory } };
  } catch (error) {
    return { ok: false, error: error.message };
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Opens the workload's net with all of its data there, at step 0; what it is. */
async function open({ name, catalogue, seed, lr, B, backend, cores = 1 }) {
  const began = performance.now();
  const model = catalogue.models.find(({ id }) => id === NETWORKS[name]);
  const [id, train, test] = DATA[model.id];
  const data = catalogue.datasets.find((dataset) => dataset.id === id);
  // A preset's own choices must not get into it, so everything is said.
  const defaults = [...data.numbers, ...data.words, ...model.sizes, ...model.words, ...catalogue.numbers].map(({ key, ...choice }) => [key, choice.default]);
  await window.intab.set({
    'data.id': id, 'model.id': model.id, ...Object.fromEntries(defaults), ...OWN[model.id], 'train.optimizer': 'adam', 'train.schedule': 'constant',
    'train.init': catalogue.inits[0].id, 'train.learning_rate': lr, 'train.batch_size': B, 'train.epochs': 1000, seed, engine: ENGINES[backend], cores,
  });
  const buildMs = performance.now() - began;
  await window.intab.ask({ kind: 'samples', train: [train], test: [test] });
  const { layers, parameters } = await window.intab.ask({ kind: 'describe' });
  // Forward, and back to weights and inputs, each as much; the first layer's input needs no gradient, unless it is an
  // embedding's, which learns, too.
  const sums = layers.map((layer) => layer.multiply_adds);
  const multiplyAdds = 3 * sums.reduce((a, b) => a + b) - (id === 'mnist' ? sums.find((sum) => sum > 0) : 0);
  return { buildMs, params: parameters, flopsPerStep: 2 * B * multiplyAdds };
}

/** Milliseconds a step: the median over blocks of `syncEvery` steps or a few more; of fewer, where it takes too long. */
async function steps(P) {
  const net = await open(P);
  const { warmup = 5, syncEvery = 20, blocks = 20, budgetS } = P;
  const began = performance.now();
  const first = reported(1);
  await window.intab.step(1);
  const firstStepMs = await first - began;
  // Each mark is a report of progress; a null is a look at the test set, which is no training.
  const marks = [];
  const late = () => performance.now() - marks.find(Boolean)?.[0] > budgetS * 1000;
  const offs = [
    window.intab.on('evaluated', () => marks.push(null)),
    window.intab.on('progress', ({ run }) => {
      if (run.step > 1 + warmup) marks.push([performance.now(), run.step, run.seconds_training]);
      if (timed(marks, syncEvery).length >= blocks || late() && timed(marks, 1).length > 0) window.intab.pause();
    }),
  ];
  await window.intab.step(warmup + 100 * syncEvery * blocks);
  offs.forEach((off) => off());
  const whole = timed(marks, syncEvery);
  const found = whole.length > 0 ? whole : timed(marks, 1);
  const { train } = await window.intab.ask({ kind: 'curve' });
  const sync20 = statistics(found.map(({ ms }) => ms));
  return {
    ...net, B: P.B, firstStepMs, sync20: { ...sync20, blockLen: statistics(found.map(({ count }) => count)).medianMs },
    engineMs: statistics(found.map(({ engineMs }) => engineMs)).medianMs, samplesPerS: P.B * 1000 / sync20.medianMs,
    lossFirst: train[0].loss, lossLast: train.at(-1).loss, lossTrace: train.slice(0, 6).map(({ loss }) => loss),
  };
}

/** When the run's first report of this step came: before the look at the test set that a pause brings. */
function reported(step) {
  return new Promise((resolve) => {
    const off = window.intab.on('progress', ({ run }) => {
      if (run.step < step) return;
      off();
      resolve(performance.now());
    });
  });
}

/** Blocks of at least so many steps between two marks, by the page's clock and by the engine's. */
function timed(marks, least) {
  const found = [];
  let start = null;
  for (const mark of marks) {
    if (!mark || !start) start = mark;
    else if (mark[1] - start[1] >= least) {
      const count = mark[1] - start[1];
      found.push({ count, ms: (mark[0] - start[0]) / count, engineMs: (mark[2] - start[2]) * 1000 / count });
      start = mark;
    }
  }
  return found;
}

function statistics(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.round(share * (sorted.length - 1))];
  return { medianMs: at(0.5), minMs: at(0), p10: at(0.1), p90: at(0.9), n: sorted.length };
}

/** Seconds of training, and in all, until all test digits are so good; tried after every quarter of an epoch. */
async function learn(P) {
  const { targets, capS } = P;
  const net = await open(P);
  const perEpoch = Math.floor(EXAMPLES / P.B);
  const began = performance.now();
  const curve = [];
  let trainMs = 0;
  for (let quarter = 1, step = 0; (curve.at(-1)?.acc ?? 0) < targets.at(-1) && performance.now() - began < capS * 1000; quarter += 1) {
    const next = Math.round(quarter * perEpoch / 4);
    const from = performance.now();
    await window.intab.step(next - step);
    const trained = performance.now() - from;
    const before = await tests(step);
    while (window.intab.state().run.test?.step !== next) await pause(5);
    // What was tried on the way; the last one as well if it had come before the pause.
    const looked = before.reduce((sum, { seconds }) => sum + seconds * 1000, 0);
    trainMs += trained - looked;
    step = next;
    const { accuracy } = window.intab.state().run.test;
    curve.push({ step, epoch: step / perEpoch, trainS: trainMs / 1000, totalS: (performance.now() - began) / 1000, acc: accuracy });
  }
  const reach = Object.fromEntries(targets.map((target) => [target, curve.find(({ acc }) => acc >= target) ?? null]));
  const { trainS, totalS, epoch, step, acc } = curve.at(-1);
  return { ...net, curve, reach, trainS, totalS, epochs: epoch, steps: step, finalAcc: acc, capS, capped: acc < targets.at(-1), evalS: (totalS - trainS) / curve.length };
}

/** The run's looks at the test set after a step. */
const tests = async (after) => (await window.intab.ask({ kind: 'curve' })).test.filter(({ step }) => step > after);

/** The pretrained network on one picture, question and answer included. */
async function pictures({ runs = 50 }) {
  const blob = await (await fetch('samples/v1/cat.png')).blob();
  const ask = async (input) => {
    const began = performance.now();
    const answer = await window.intab.ask({ kind: 'classify', input });
    return { answer, ms: performance.now() - began };
  };
  const first = await ask(blob);
  const found = [];
  for (let run = 0; run < runs; run += 1) found.push(await ask(first.answer.input));
  const networkMs = statistics(found.map(({ answer }) => answer.milliseconds.network)).medianMs;
  return { firstMs: first.ms, ...statistics(found.map(({ ms }) => ms)), networkMs, top1: first.answer.labels[0].name };
}

async function oneStep(P) {
  await open(P);
  await window.intab.step(1);
  return {};
}

/** What one core can do here: billions of single-precision multiplications and additions a second, in SIMD, in registers. */
async function peak() {
  const { exports } = await WebAssembly.instantiate(await WebAssembly.compile(registers()));
  const rounds = 2_000_000;
  let best = 0;
  for (let turn = 0; turn < 15; turn += 1) {
    const began = performance.now();
    exports.run(rounds);
    best = Math.max(best, rounds * 2 * 4 * CHAINS / (performance.now() - began) / 1e6);
    await pause(0);
  }
  return { gflops: best };
}

/** Independent sums: as many as hide an addition's latency behind the others. */
const CHAINS = 12;

/** A module whose `run(n)` does n times x ← x · ½ + ½ on `CHAINS` registers of four numbers. */
function registers() {
  const [half, first] = [1, 2];
  const get = (local) => [0x20, local];
  const set = (local) => [0x21, local];
  const chains = Array.from({ length: CHAINS }, (_, at) => first + at);
  const body = [
    1, CHAINS + 1, 0x7b, // locals of 128 bits
    0x43, 0, 0, 0, 0x3f, 0xfd, 0x13, ...set(half), // f32.const ½, splat
    0x03, 0x40, // loop
    ...chains.flatMap((x) => [...get(x), ...get(half), 0xfd, 0xe6, 0x01, ...get(half), 0xfd, 0xe4, 0x01, ...set(x)]), // f32x4.mul, f32x4.add
    ...get(0), 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b, // n − 1, again unless it is 0
    ...chains.flatMap((x, at) => [...get(x), ...(at ? [0xfd, 0xe4, 0x01] : [])]), 0xfd, 0x1f, 0, // the first number of their sum
    0x0b,
  ];
  const size = (bytes) => [bytes.length & 0x7f | 0x80, bytes.length >> 7];
  const section = (id, bytes) => [id, ...size(bytes), ...bytes];
  return new Uint8Array([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, [1, 0x60, 1, 0x7f, 1, 0x7d]), // (i32) → f32
    ...section(3, [1, 0]),
    ...section(7, [1, 3, ...new TextEncoder().encode('run'), 0, 0]),
    ...section(10, [1, ...size(body), ...body]),
  ]);
}
