# Shakespeare, Transformer (GPT): 30114 parameters
# text.txt is https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt
# To train: python train_pytorch.py text.txt
# With weights of the page, to write as it does at temperature 0: python train_pytorch.py text.txt NAME.safetensors BEGINNING …
import math
import sys

import numpy
import torch
from torch import nn

# The first one stands for what the text lacks.
vocabulary = ["�","\n"," ","!","$","&","'",",","-",".","3",":",";","?","A","B","C","D","E","F","G","H","I","J","K","L","M","N","O","P","Q","R","S","T","U","V","W","X","Y","Z","a","b","c","d","e","f","g","h","i","j","k","l","m","n","o","p","q","r","s","t","u","v","w","x","y","z"]
ids = {text: id for id, text in enumerate(vocabulary)}


def encode(text):
    return numpy.array([ids.get(letter, 0) for letter in text], "int64")


with open(sys.argv[1], encoding="utf-8") as file:
    text = file.read()
border = len(text) * 9 // 10
train, test = text[:border], text[border:]
window = 32


def examples(text):
    tokens = encode(text)
    count = (len(tokens) - 1) // window
    return [tokens[at : at + count * window].reshape(count, window) for at in (0, 1)]


torch.manual_seed(7)
train_set, test_set = (
    torch.utils.data.TensorDataset(*map(torch.tensor, examples(part))) for part in (train, test)
)
train_batches = torch.utils.data.DataLoader(
    train_set, batch_size=min(32, len(train_set)), shuffle=True, drop_last=True
)
test_batches = torch.utils.data.DataLoader(test_set, batch_size=250)


class RmsNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x * (x.square().mean(-1, keepdim=True) + 1e-5).rsqrt() * self.weight



class Product(nn.Module):
    # As nn.Linear, whose weights the script begins in its own way.
    def __init__(self, features, units, std):
        super().__init__()
        self.weight = nn.Parameter(std * torch.randn(units, features))
        self.bias = nn.Parameter(torch.zeros(units))

    def forward(self, x):
        return nn.functional.linear(x, self.weight, self.bias)


class Attention(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.in_proj_weight = nn.Parameter(torch.randn(3 * width, width) / width**0.5)
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * width))
        self.out_proj = Product(width, width, 0)


class Block(nn.Module):
    # Positions: 0 none, 1 rotary, 2 ALiBi. Feed-forward: 0 GELU, 1 ReLU², 2 SwiGLU.
    def __init__(self, width, heads, wider, rms, feed_forward, positions, equal, shift, both_ways):
        super().__init__()
        self.heads, self.both_ways, self.feed_forward = heads, both_ways, feed_forward
        self.positions, self.equal = positions, equal
        self.norm1, self.norm2 = (RmsNorm(width) if rms else nn.LayerNorm(width) for _ in range(2))
        if shift:
            self.shift1, self.shift2 = (nn.Parameter(torch.zeros(4, width)) for _ in range(2))
        else:
            self.shift1 = self.shift2 = None
        self.self_attn = Attention(width)
        hidden = wider * width
        self.linear1 = Product(width, 2 * hidden if feed_forward == 2 else hidden, width**-0.5)
        self.linear2 = Product(hidden, width, 0)

    def mixed(self, x, weight):
        # Each token gets something of the three before it.
        if weight is None:
            return x
        before = nn.functional.pad(x, (0, 0, 3, 0))
        return x + sum(before[:, 3 - i : 3 - i + x.shape[1]] * weight[i] for i in range(4))

    def attended(self, x):
        batch, time, width = x.shape
        size = width // self.heads
        of = self.self_attn
        three = nn.functional.linear(x, of.in_proj_weight, of.in_proj_bias).chunk(3, dim=-1)
        q, k, v = (one.view(batch, time, self.heads, size).transpose(1, 2) for one in three)
        if self.equal:
            q, k = (one * (one.square().mean(-1, keepdim=True) + 1e-6).rsqrt() for one in (q, k))
        place = torch.arange(time, device=x.device)
        if self.positions == 1:
            angle = place[:, None] * 10000 ** (-torch.arange(0, size, 2, device=x.device) / size)
            turn = lambda a, b: torch.cat([a * angle.cos() - b * angle.sin(), a * angle.sin() + b * angle.cos()], -1)
            q, k = (turn(*one.chunk(2, dim=-1)) for one in (q, k))
        scores = q @ k.transpose(-2, -1) / size**0.5
        if self.positions == 2:
            slopes = 2 ** (-8 * (torch.arange(self.heads, device=x.device) + 1) / self.heads)
            scores = scores - slopes[:, None, None] * (place[:, None] - place[None, :]).abs()
        if not self.both_ways:
            scores = scores.masked_fill(place[None, :] > place[:, None], float("-inf"))
        found = scores.softmax(-1) @ v
        return of.out_proj(found.transpose(1, 2).reshape(batch, time, width))

    def fed(self, x):
        x = self.linear1(x)
        if self.feed_forward == 0:
            x = nn.functional.gelu(x)
        elif self.feed_forward == 1:
            x = torch.relu(x).square()
        else:
            gate, x = x.chunk(2, dim=-1)
            x = nn.functional.silu(gate) * x
        return self.linear2(x)

    def forward(self, x):
        x = x + self.attended(self.mixed(self.norm1(x), self.shift1))
        return x + self.fed(self.mixed(self.norm2(x), self.shift2))


model = nn.Sequential(
    nn.Embedding(66, 32),  # 32 × 32
    Block(32, 4, 4, 1, 1, 1, 1, 1, 0),  # 32 × 32
    Block(32, 4, 4, 1, 1, 1, 1, 1, 0),  # 32 × 32
    RmsNorm(32),  # 32 × 32
    nn.Linear(32, 66),  # 32 × 66
)

for layer in model.modules():
    if isinstance(layer, (nn.Conv2d, nn.Linear)):
        nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)
    if isinstance(layer, nn.Embedding):
        nn.init.normal_(layer.weight, std=0.3)
nn.init.uniform_(model[-1].weight, -(32 ** -0.5), 32 ** -0.5)  # undecided at first


def criterion(outputs, y):
    return nn.functional.cross_entropy(outputs.transpose(1, 2), y)


optimizer = torch.optim.AdamW(model.parameters(), lr=0.006, weight_decay=0.1, betas=(0.9, 0.95))
steps = 4 * len(train_batches)


def factor(step):
    done = step / steps
    if done < 0.25:
        return 0.1 + 0.9 * done / 0.25
    return 0.5 + 0.5 * math.cos(math.pi * min((done - 0.25) / 0.75, 1.0))


scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, factor)


def evaluate(when):
    model.eval()
    loss, count = 0.0, 0
    with torch.no_grad():
        for x, y in test_batches:
            loss += nn.functional.cross_entropy(model(x).transpose(1, 2), y, reduction="sum").item()
            count += (y >= 0).sum().item()
    print(f"{when}: {loss / count:.3f} nats a token on {count} test tokens")


def following(tokens):
    with torch.no_grad():
        logits = model(torch.tensor(tokens[None, -32:]))[0, -1]
    return logits[1:].argmax().item() + 1  # no text teaches the token for what it lacks


def write(beginning):
    # Without one, a text begins after the end of a line, or with its first token.
    tokens = encode(beginning or ("\n" if "\n" in ids else train))
    before = 0 if beginning else 1
    tokens = tokens if beginning else tokens[:before]
    for _ in range(200):
        tokens = numpy.append(tokens, following(tokens))
    return "".join(vocabulary[id] for id in tokens[before:])


epochs = 4
if len(sys.argv) > 2:
    from safetensors.torch import load_file

    model.load_state_dict(load_file(sys.argv[2]))
    epochs = 0
    evaluate("with these weights")
    for beginning in sys.argv[3:] or [""]:
        print(write(beginning))
for epoch in range(epochs):
    model.train()
    for x, y in train_batches:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1)
        optimizer.step()
        scheduler.step()
    evaluate(f"epoch {epoch + 1}")
    print(write(""))
