// ConvNetJS 0.3.0: one example at a time, in JavaScript's own numbers. npm's build has no Adam (sgd, adagrad, windowgrad, adadelta),
// so it is done here over `getParamsAndGrads()`, in the same loop over parameters that its own Trainer has.
const LAYERS = {
  cnn: [
    { type: 'input', out_sx: 28, out_sy: 28, out_depth: 1 },
    { type: 'conv', sx: 5, filters: 8, stride: 1, pad: 2, activation: 'relu' },
    { type: 'pool', sx: 2, stride: 2 },
    { type: 'conv', sx: 5, filters: 16, stride: 1, pad: 2, activation: 'relu' },
    { type: 'pool', sx: 2, stride: 2 },
    { type: 'fc', num_neurons: 64, activation: 'relu' },
    { type: 'softmax', num_classes: 10 },
  ],
  mlp: [
    { type: 'input', out_sx: 1, out_sy: 1, out_depth: 784 },
    { type: 'fc', num_neurons: 128, activation: 'relu' },
    { type: 'fc', num_neurons: 64, activation: 'relu' },
    { type: 'softmax', num_classes: 10 },
  ],
};

self.makePeer = () => ({
  async init() {
    importScripts('/packages/convnetjs/build/convnet-min.js');
  },

  info: () => ({ version: '0.3.0', adapter: 'JavaScript' }),

  build(kind, { lr }) {
    const { Net, Vol } = self.convnetjs;
    const net = new Net();
    net.makeLayers(LAYERS[kind]);
    const all = net.getParamsAndGrads();
    const moments = all.map(({ params }) => [new Float64Array(params.length), new Float64Array(params.length)]);
    const volume = kind === 'cnn' ? new Vol(28, 28, 1, 0) : new Vol(1, 1, 784, 0);
    let t = 0;

    function adam(B) {
      t += 1;
      const rate = lr * Math.sqrt(1 - 0.999 ** t) / (1 - 0.9 ** t);
      net.getParamsAndGrads().forEach(({ params, grads }, k) => {
        const [m, v] = moments[k];
        for (let j = 0; j < params.length; j += 1) {
          const g = grads[j] / B;
          m[j] = 0.9 * m[j] + 0.1 * g;
          v[j] = 0.999 * v[j] + 0.001 * g * g;
          params[j] -= rate * m[j] / (Math.sqrt(v[j]) + 1e-8);
          grads[j] = 0;
        }
      });
    }

    return {
      params: all.reduce((sum, { params }) => sum + params.length, 0),
      note: 'Adam added by us',
      step(x, y, B) {
        let loss = 0;
        for (let b = 0; b < B; b += 1) {
          for (let i = 0; i < 784; i += 1) volume.w[i] = x[b * 784 + i];
          net.forward(volume, true);
          loss += net.backward(y[b]);
        }
        adam(B);
        return loss / B;
      },
      read: (loss) => loss,
      drop() {},
      predict(images, n) {
        const guesses = new Uint8Array(n);
        for (let k = 0; k < n; k += 1) {
          for (let i = 0; i < 784; i += 1) volume.w[i] = images[k * 784 + i] / 255;
          net.forward(volume, false);
          guesses[k] = net.getPrediction();
        }
        return guesses;
      },
    };
  },
});
