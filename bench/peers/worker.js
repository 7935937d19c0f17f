// A classic worker, because the peers are scripts: one peer, one workload. A peer's file sets `self.makePeer(name)` →
// { init(params), info(), build(kind, params) → { params, note, step(x, y, B) → loss, read(loss) → number, drop(loss), predict(pictures, n) } }.
self.window = self; // ConvNetJS asks for it.

const now = () => performance.now();

self.onmessage = async ({ data: { name, params } }) => {
  let result;
  try {
    importScripts(params.peer.startsWith('tfjs') ? 'tfjs.js' : 'convnetjs.js');
    const peer = self.makePeer(params.peer);
    const began = now();
    await peer.init(params);
    const initMs = now() - began;
    const work = { W1: steps, W2: steps, W3: learn, W6: oneStep, W8: steps }[name];
    result = { ok: true, initMs, ...await work(peer, name, params), info: await peer.info() };
  } catch (error) {
    result = { ok: false, error: String(error.message ?? error) };
  }
  postMessage(result);
};

/** All of a split: pictures as bytes, and labels. */
async function mnist(split) {
  const bytes = async (what) => new Uint8Array(await (await fetch(`/data/mnist-${split}-${what}`)).arrayBuffer());
  const [images, labels] = await Promise.all([bytes('images'), bytes('labels')]);
  return { n: labels.length, images, labels };
}

/** Shakespeare's characters as numbers, in the order of their codes. */
async function text() {
  const bytes = new Uint8Array(await (await fetch('/data/shakespeare-train')).arrayBuffer());
  const codes = [...new Set(bytes)].sort((a, b) => a - b);
  const ids = new Int32Array(256);
  codes.forEach((code, id) => { ids[code] = id; });
  return { ids: Int32Array.from(bytes, (code) => ids[code]), vocabulary: codes.length };
}

/** Mulberry32, so that every peer sees the same batches. */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Batches of an epoch in a new order each time; the ragged rest is left out. */
function batcher({ n, images, labels }, B, seed) {
  const next = random(seed);
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  let at = n;
  return () => {
    if (at + B > n) {
      for (let i = n - 1; i > 0; i -= 1) {
        const j = Math.floor(next() * (i + 1));
        [order[i], order[j]] = [order[j], order[i]];
      }
      at = 0;
    }
    const x = new Float32Array(B * 784);
    const y = new Int32Array(B);
    for (let b = 0; b < B; b += 1, at += 1) {
      const from = order[at] * 784;
      for (let i = 0; i < 784; i += 1) x[b * 784 + i] = images[from + i] / 255;
      y[b] = labels[order[at]];
    }
    return { x, y };
  };
}

/** Windows anywhere in the text, and the same one character further. */
function windows({ ids }, B, time, seed) {
  const next = random(seed);
  return () => {
    const [x, y] = [new Int32Array(B * time), new Int32Array(B * time)];
    for (let b = 0; b < B; b += 1) {
      const from = Math.floor(next() * (ids.length - time));
      x.set(ids.subarray(from, from + time), b * time);
      y.set(ids.subarray(from + 1, from + time + 1), b * time);
    }
    return { x, y };
  };
}

/** The workload's batches, one after the other, and its model. */
async function begun(peer, name, { B, seed, ...rest }) {
  if (name === 'W8') {
    const [data, time] = [await text(), 64];
    return [windows(data, B, time, seed), await peer.build('lstm', { B, seed, time, vocabulary: data.vocabulary, ...rest })];
  }
  return [batcher(await mnist('train'), B, seed), await peer.build(name === 'W2' ? 'mlp' : 'cnn', { B, seed, ...rest })];
}

function statistics(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => sorted[Math.round(share * (sorted.length - 1))];
  return { medianMs: at(0.5), minMs: at(0), p10: at(0.1), p90: at(0.9), n: sorted.length };
}

/** Milliseconds a step over blocks of `syncEvery`, the loss read at each block's end. */
async function steps(peer, name, { B, seed, warmup, syncEvery, blocks, budgetS, ...rest }) {
  const [next, model] = await begun(peer, name, { B, seed, ...rest });
  const step = () => {
    const { x, y } = next();
    return model.step(x, y, B);
  };
  const losses = [];
  let began = now();
  losses.push(await model.read(step()));
  const firstStepMs = now() - began;
  let one = firstStepMs;
  for (let i = 0, from = now(); i < warmup && (i < 1 || now() - from < budgetS * 500); i += 1) {
    began = now();
    losses.push(await model.read(step()));
    one = now() - began;
  }
  // A very slow peer has shorter blocks; the result says so.
  const blockLen = Math.max(1, Math.min(syncEvery, Math.floor(2000 * budgetS / one)));
  const found = [];
  const from = now();
  do {
    began = now();
    let loss;
    for (let i = 0; i < blockLen; i += 1) {
      if (loss !== undefined) model.drop(loss);
      loss = step();
    }
    losses.push(await model.read(loss));
    found.push((now() - began) / blockLen);
  } while (found.length < blocks && now() - from < budgetS * 1000);
  const sync20 = { ...statistics(found), blockLen };
  return {
    params: model.params, note: model.note, B, firstStepMs, sync20, samplesPerS: B * 1000 / sync20.medianMs,
    lossFirst: losses[0], lossLast: losses.at(-1), lossTrace: losses.slice(0, 6),
  };
}

/** Seconds until all test digits are so good; tried after every quarter of an epoch. */
async function learn(peer, _, { B, seed, targets, capS, syncEvery, ...rest }) {
  const [train, test] = await Promise.all([mnist('train'), mnist('test')]);
  const next = batcher(train, B, seed);
  const perEpoch = Math.floor(train.n / B);
  const model = await peer.build('cnn', { B, seed, ...rest });
  const began = now();
  const over = () => now() - began > capS * 1000;
  const curve = [];
  let trainMs = 0;
  let step = 0;
  for (let quarter = 1; (curve.at(-1)?.acc ?? 0) < targets.at(-1) && !over(); quarter += 1) {
    const from = now();
    const end = Math.round(quarter * perEpoch / 4);
    // Looked at where the loss is read: a slow peer stops between two quarters, and is not tried there.
    while (step < end && !over()) {
      const { x, y } = next();
      const loss = model.step(x, y, B);
      step += 1;
      if (step % syncEvery === 0 || step === end) await model.read(loss);
      else model.drop(loss);
    }
    trainMs += now() - from;
    if (step < end) break;
    const guesses = await model.predict(test.images, test.n);
    const acc = guesses.reduce((right, guess, i) => right + (guess === test.labels[i]), 0) / test.n;
    curve.push({ step, epoch: step / perEpoch, trainS: trainMs / 1000, totalS: (now() - began) / 1000, acc });
  }
  const reach = Object.fromEntries(targets.map((target) => [target, curve.find(({ acc }) => acc >= target) ?? null]));
  const finalAcc = curve.at(-1)?.acc ?? null;
  const totalS = (now() - began) / 1000;
  return {
    params: model.params, note: model.note, curve, reach, trainS: trainMs / 1000, totalS, epochs: step / perEpoch, steps: step,
    finalAcc, capS, capped: !(finalAcc >= targets.at(-1)), evalS: (totalS - trainMs / 1000) / Math.max(1, curve.length),
  };
}

async function oneStep(peer, _, params) {
  const model = await peer.build('cnn', { ...params, B: 4 });
  await model.read(model.step(new Float32Array(4 * 784), new Int32Array(4), 4));
  return {};
}
