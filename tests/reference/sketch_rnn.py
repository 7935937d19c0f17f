"""What Sketch-RNN's published decoders say to a few moves of the pen, computed with numpy in double precision.

python3 sketch_rnn.py MIRROR > sketch_rnn.json, where MIRROR/sketch_rnn holds the published files. The equations are those
of Ha & Eck 2017 (arXiv:1704.03477) and of the publisher's own decoder: gates in the order i, g, f, o, forget bias + 1,
weights value / 32767 × 10. Nothing of the project is used.
"""
import base64
import json
import sys

import numpy as np

# Right and down in the network's own measure, and p1, p2, p3; the first row is what it reads before any move.
MOVES = np.array([
    [0.0, 0.0, 1, 0, 0],
    [0.5, -0.25, 1, 0, 0],
    [0.75, 0.5, 1, 0, 0],
    [-0.25, 1.0, 0, 1, 0],
    [-1.5, -0.75, 1, 0, 0],
    [0.125, 0.375, 0, 1, 0],
])


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def outputs(path):
    head, shapes, texts = json.load(open(path))
    values = [np.frombuffer(base64.b64decode(text), '<i2').astype(np.float64) / 32767 * 10 for text in texts]
    out_w, out_b, w_x, w_h, bias = [value.reshape(shape) for value, shape in zip(values, shapes)]
    units = len(w_h)
    h, c = np.zeros(units), np.zeros(units)
    for move in MOVES:
        i, g, f, o = np.split(move @ w_x + h @ w_h + bias, 4)
        c = sigmoid(f + 1) * c + sigmoid(i) * np.tanh(g)
        h = np.tanh(c) * sigmoid(o)
    return head['scale_factor'], (h @ out_w + out_b).tolist()


answer = {'moves': MOVES.tolist(), 'networks': {}}
for name in ('bird', 'dog', 'bicycle', 'rabbit'):
    scale, values = outputs(f'{sys.argv[1]}/sketch_rnn/{name}.gen.json')
    answer['networks'][f'sketch_{name}'] = {'scale': scale, 'outputs': [float(f'{value:.6g}') for value in values]}
json.dump(answer, sys.stdout, separators=(',', ':'))
print()
