"""What SmolLM2-135M-Instruct says, computed with numpy from the published file, and how a text is cut into its tokens.

python3 smollm2.py SmolLM2-135M-Instruct.Q4_1.gguf > smollm2.json; needs numpy and tokenizers. The equations are those of the
Llama family: RMSNorm, rotary positions, grouped keys, SwiGLU; weights are made f32, everything else is f32 or f64. Tokens are
cut by Hugging Face's own library, digits one by one as SmolLM2's published tokenizer.json says. Nothing of the project is used.
"""
import json
import math
import struct
import sys

import numpy as np
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

# A question, a task, and one with numbers, quotes, an umlaut and a line break.
PROMPTS = [
    'What is the capital of France?',
    'Write a short poem about the sea.',
    'I bought 12 apples for 3.50 € at "Müller\'s".\nExplain step by step what one costs.',
]
WRITTEN = 64
TEXTS = [
    '', ' ', '  two  blanks ', "I'll say it's the boys' we've", "'T ISN'T", 'a\n\n\tb \n c', '1234 5,678.90', 'x² + ½ = Ⅻ',
    'Straße, Größe, naïve café', 'e\u0301 combined', 'Привет, мир! 你好 世界', '🙂👍🏽 👩‍👩‍👧', 'fn main() { println!("{}", 1u8); }',
    'a\u00a0b\u2003c\u3000d', '<|im_end|> <|endoftext|>', 'supercalifragilisticexpialidocious', '---===___***', 'اَلْعَرَبِيَّةُ हिन्दी ไทย',
    '\u0000\u0001\u007f\u0085', 'Ⓐ ͅ x',
]
SYSTEM = 'You are a helpful AI assistant named SmolLM, trained by Hugging Face'
HEADS, KEYS, SIZE, LAYERS, BASE = 9, 3, 64, 30, 100_000


def read(path):
    """The metadata and the tensors, f32."""
    file = open(path, 'rb')

    def take(kind):
        return struct.unpack('<' + kind, file.read(struct.calcsize('<' + kind)))[0]

    def text():
        return file.read(take('Q')).decode()

    kinds = {0: 'B', 1: 'b', 2: 'H', 3: 'h', 4: 'I', 5: 'i', 6: 'f', 7: '?', 10: 'Q', 11: 'q', 12: 'd'}

    def value(kind):
        if kind == 8:
            return text()
        if kind == 9:
            inner, count = take('I'), take('Q')
            return [value(inner) for _ in range(count)]
        return take(kinds[kind])

    assert file.read(4) == b'GGUF' and take('I') == 3
    tensors, keys = take('Q'), take('Q')
    metadata = {}
    for _ in range(keys):
        key = text()
        metadata[key] = value(take('I'))
    infos = []
    for _ in range(tensors):
        name = text()
        shape = [take('Q') for _ in range(take('I'))]
        infos.append((name, shape, take('I'), take('Q')))
    base = (file.tell() + 31) // 32 * 32
    data = np.memmap(file, np.uint8, 'r')
    weights = {}
    for name, shape, kind, offset in infos:
        count, start = math.prod(shape), base + offset
        if kind == 0:
            values = data[start:start + 4 * count].view(np.float32)
        elif kind == 3:
            blocks = data[start:start + count // 32 * 20].reshape(-1, 20)
            scale = blocks[:, :4].copy().view(np.float16).astype(np.float32)
            values = np.concatenate((blocks[:, 4:] & 15, blocks[:, 4:] >> 4), 1) * scale[:, :1] + scale[:, 1:]
        elif kind == 8:
            blocks = data[start:start + count // 32 * 34].reshape(-1, 34)
            values = blocks[:, 2:].copy().view(np.int8) * blocks[:, :2].copy().view(np.float16).astype(np.float32)
        weights[name] = np.asarray(values, np.float32).reshape(shape[::-1])
    return metadata, weights


class Network:
    def __init__(self, weights):
        self.weights = weights
        self.keys = [[] for _ in range(LAYERS)]
        self.values = [[] for _ in range(LAYERS)]
        self.place = 0

    def norm(self, x, name):
        return x / np.sqrt((x * x).mean() + 1e-5) * self.weights[name]

    def turned(self, x):
        rates = 1 / BASE ** (np.arange(0, SIZE, 2) / SIZE)
        cos, sin = np.cos(self.place * rates), np.sin(self.place * rates)
        pairs = x.reshape(-1, SIZE // 2, 2)
        left, right = pairs[..., 0], pairs[..., 1]
        return np.stack((left * cos - right * sin, left * sin + right * cos), -1).reshape(-1, SIZE)

    def step(self, token):
        x = self.weights['token_embd.weight'][token].copy()
        for layer in range(LAYERS):
            w = {n: self.weights[f'blk.{layer}.{n}.weight'] for n in
                 ('attn_q', 'attn_k', 'attn_v', 'attn_output', 'ffn_gate', 'ffn_up', 'ffn_down')}
            y = self.norm(x, f'blk.{layer}.attn_norm.weight')
            query = self.turned(w['attn_q'] @ y)
            self.keys[layer].append(self.turned(w['attn_k'] @ y))
            self.values[layer].append((w['attn_v'] @ y).reshape(-1, SIZE))
            keys, values = np.stack(self.keys[layer]), np.stack(self.values[layer])
            heads = []
            for head in range(HEADS):
                group = head // (HEADS // KEYS)
                scores = keys[:, group] @ query[head] / math.sqrt(SIZE)
                shares = np.exp(scores - scores.max())
                heads.append(shares / shares.sum() @ values[:, group])
            x = x + w['attn_output'] @ np.concatenate(heads).astype(np.float32)
            y = self.norm(x, f'blk.{layer}.ffn_norm.weight')
            gate = w['ffn_gate'] @ y
            x = x + w['ffn_down'] @ (gate / (1 + np.exp(-gate)) * (w['ffn_up'] @ y))
        self.place += 1
        return self.weights['token_embd.weight'] @ self.norm(x, 'output_norm.weight')


def cutter(metadata, special):
    ids = {token: id for id, token in enumerate(metadata['tokenizer.ggml.tokens'])}
    merges = [tuple(merge.split(' ')) for merge in metadata['tokenizer.ggml.merges']]
    cutter = Tokenizer(models.BPE(ids, merges))
    digits, bytes_ = pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)
    cutter.pre_tokenizer = pre_tokenizers.Sequence([digits, bytes_])
    cutter.decoder = decoders.ByteLevel()
    if special:
        cutter.add_special_tokens(['<|im_start|>', '<|im_end|>', '<|endoftext|>'])
    return cutter


metadata, weights = read(sys.argv[1])
special, plain = cutter(metadata, True), cutter(metadata, False)
answer = {'texts': [{'text': text, 'ids': plain.encode(text).ids} for text in TEXTS], 'prompts': []}
for prompt in PROMPTS:
    turns = [('system', SYSTEM), ('user', prompt)]
    said = ''.join(f'<|im_start|>{role}\n{text}<|im_end|>\n' for role, text in turns) + '<|im_start|>assistant\n'
    read_ids = special.encode(said).ids
    network = Network(weights)
    for token in read_ids:
        logits = network.step(token)
    order = np.argsort(-logits, kind='stable')[:10]
    first = [[int(id), float(f'{logits[id]:.7g}')] for id in order]
    # How far the likeliest is before the next one: what a rounding must reach to change the text.
    written, nearest = [], math.inf
    while len(written) < WRITTEN:
        second, best = np.sort(logits)[-2:]
        nearest = min(nearest, best - second)
        written.append(int(logits.argmax()))
        logits = network.step(written[-1])
    answer['prompts'].append({'text': prompt, 'ids': read_ids, 'logits': first, 'written': written})
    print(f'{nearest:.4f}', repr(special.decode(written, skip_special_tokens=False)), file=sys.stderr)
json.dump(answer, sys.stdout, separators=(',', ':'))
print()
