// TensorFlow.js 4.22, its layers and `optimizer.minimize`, which is what `model.fit` does: tfjs-webgpu, tfjs-webgl, tfjs-wasm (SIMD,
// one thread), tfjs-cpu, and tfjs-wasm-patched. As shipped, tfjs-wasm cannot train a convolution: `Conv2DBackpropFilter` is not
// registered; nor an embedding, for want of `UnsortedSegmentSum`. The patched one has what a determined user could add: those kernels,
// composed of ones that are there, and transposed matrix products transposed first, because the package sends those to a naive loop.
self.makePeer = (name) => {
  const backend = name.replace('tfjs-', '').replace('-patched', '');
  const patched = name.endsWith('-patched');
  return {
    async init() {
      const packages = '/packages/@tensorflow';
      importScripts(`${packages}/tfjs/dist/tf.min.js`);
      if (['webgpu', 'wasm'].includes(backend)) importScripts(`${packages}/tfjs-backend-${backend}/dist/tf-backend-${backend}.min.js`);
      if (backend === 'wasm') tf.wasm.setWasmPaths(`${packages}/tfjs-backend-wasm/dist/`);
      if (!(await tf.setBackend(backend))) throw new Error(`tfjs has no backend ${backend} here`);
      await tf.ready();
      if (patched) {
        addFilterGradient();
        addSegmentSum();
        transposeFirst();
      }
    },
    info: () => ({ version: tf.version_core ?? tf.version['tfjs-core'], adapter: backend }),
    build: (kind, params) => build(kind, params, patched),
  };
};

/** The gradient of a convolution's filter with stride 1, NHWC: the input convolved with the gradient, axes swapped. */
function addFilterGradient() {
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter', backendName: 'wasm', kernelFunc: ({ inputs: { x, dy }, attrs }) => tf.tidy(() => {
      const [height, width] = attrs.filterShape;
      const around = [dy.shape[1] - 1 + height - x.shape[1], dy.shape[2] - 1 + width - x.shape[2]];
      const [top, left] = around.map((all) => Math.floor(all / 2));
      const padded = tf.pad(x, [[0, 0], [top, around[0] - top], [left, around[1] - left], [0, 0]]);
      return tf.transpose(tf.conv2d(tf.transpose(padded, [3, 1, 2, 0]), tf.transpose(dy, [1, 2, 0, 3]), 1, 'valid'), [1, 2, 0, 3]);
    }),
  });
}

/** The gradient of an embedding's table: rows added up by their numbers, as one product with the numbers as one-hot vectors. */
function addSegmentSum() {
  tf.registerKernel({
    kernelName: 'UnsortedSegmentSum', backendName: 'wasm', kernelFunc: ({ inputs: { x, segmentIds }, attrs: { numSegments } }) => tf.tidy(() => {
      const count = segmentIds.shape[0];
      const rows = tf.transpose(tf.cast(tf.oneHot(segmentIds, numSegments), 'float32'));
      return tf.reshape(tf.matMul(rows, tf.reshape(x, [count, -1])), [numSegments, ...x.shape.slice(1)]);
    }),
  });
}

function transposeFirst() {
  const { kernelFunc } = tf.getKernel('BatchMatMul', 'wasm');
  const matrices = (t) => t.shape.slice(0, -2).reduce((a, b) => a * b, 1);
  const transposed = (t) => {
    const axes = t.shape.map((_, axis) => axis);
    axes.push(...axes.splice(-2).reverse());
    return tf.transpose(t, axes);
  };
  tf.unregisterKernel('BatchMatMul', 'wasm');
  tf.registerKernel({
    kernelName: 'BatchMatMul', backendName: 'wasm', kernelFunc: (options) => {
      const { inputs: { a, b }, attrs } = options;
      if (!attrs.transposeA && !attrs.transposeB || matrices(a) !== 1 || matrices(b) !== 1) return kernelFunc(options);
      return tf.tidy(() => kernelFunc({
        ...options, attrs: { ...attrs, transposeA: false, transposeB: false },
        inputs: { a: attrs.transposeA ? transposed(a) : a, b: attrs.transposeB ? transposed(b) : b },
      }));
    },
  });
}

function build(kind, { lr, seed, time, vocabulary }, patched) {
  let seeds = seed;
  const start = () => {
    seeds += 1;
    return tf.initializers.glorotUniform({ seed: seeds });
  };
  const { conv2d, maxPooling2d, flatten, dense, embedding, lstm } = tf.layers;
  const conv = (filters, more) => conv2d({ filters, kernelSize: 5, padding: 'same', activation: 'relu', kernelInitializer: start(), ...more });
  const pool = () => maxPooling2d({ poolSize: 2, strides: 2 });
  const full = (units, more) => dense({ units, kernelInitializer: start(), ...more });
  const LAYERS = {
    cnn: () => [conv(8, { inputShape: [28, 28, 1] }), pool(), conv(16), pool(), flatten(), full(64, { activation: 'relu' }), full(10)],
    mlp: () => [full(128, { inputShape: [784], activation: 'relu' }), full(64, { activation: 'relu' }), full(10)],
    // Of the orthogonal start of recurrent matrices it warns that it is slow; it has no part in a step.
    lstm: () => [
      embedding({ inputDim: vocabulary, outputDim: 32, inputLength: time }),
      lstm({ units: 128, returnSequences: true, kernelInitializer: start(), recurrentInitializer: start(), recurrentActivation: 'sigmoid' }),
      full(vocabulary),
    ],
  };
  const model = tf.sequential({ layers: LAYERS[kind]() });
  const SHAPES = { cnn: (n) => [n, 28, 28, 1], mlp: (n) => [n, 784], lstm: (n) => [n, time] };
  const input = (x, n) => tf.tensor(x, SHAPES[kind](n));
  const classes = kind === 'lstm' ? vocabulary : 10;
  const optimizer = tf.train.adam(lr);
  const weights = model.trainableWeights.map(({ val }) => val);
  return {
    params: model.countParams(),
    note: patched ? `${kind === 'lstm' ? 'UnsortedSegmentSum' : 'two kernels'} added by us` : undefined,
    step: (x, y, B) => tf.tidy(() => {
      const inputs = input(x, B);
      // Cast by us: on wasm, `oneHot` with 'float32' writes whole 1s into a tensor of floats.
      const truths = tf.cast(tf.oneHot(tf.tensor1d(y, 'int32'), classes), 'float32');
      const outputs = () => tf.reshape(model.apply(inputs, { training: true }), [-1, classes]);
      return optimizer.minimize(() => tf.losses.softmaxCrossEntropy(truths, outputs()), true, weights);
    }),
    async read(loss) {
      const [value] = await loss.data();
      loss.dispose();
      return value;
    },
    drop: (loss) => loss.dispose(),
    async predict(images, n) {
      const guesses = new Uint8Array(n);
      for (let at = 0; at < n; at += 500) {
        const some = images.subarray(at * 784, (at + 500) * 784);
        const found = tf.tidy(() => tf.argMax(model.apply(input(Float32Array.from(some, (byte) => byte / 255), some.length / 784)), 1));
        guesses.set(await found.data(), at);
        found.dispose();
      }
      return guesses;
    },
  };
}
