# Shakespeare, Recurrent network: 12138 parameters
# text.txt is https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt
# To train: python train_pytorch.py text.txt
# With weights of the page, to write as it does at temperature 0: python train_pytorch.py text.txt NAME.safetensors BEGINNING …
# The page carries states from one example to the next; here every example begins anew.
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


class Lstm(nn.LSTM):
    # Hands on the hidden states of all steps, and no last states. Input gates begin closed, forget gates open.
    def __init__(self, features, units, forget, closed, bidirectional=False):
        super().__init__(features, units, batch_first=True, bidirectional=bidirectional)
        self.gates, self.gain = (-closed, forget, 0, 0), 1

    def forward(self, x):
        return super().forward(x)[0]


model = nn.Sequential(
    nn.Embedding(66, 12),  # 32 × 12
    Lstm(12, 40, 1, 0),  # 32 × 40
    nn.Linear(40, 66),  # 32 × 66
)

for layer in model.modules():
    if isinstance(layer, (nn.Conv2d, nn.Linear)):
        nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)
    if isinstance(layer, nn.Embedding):
        nn.init.normal_(layer.weight, std=0.3)
    if isinstance(layer, nn.RNNBase):
        for name, weight in layer.named_parameters():
            parts = weight.data.chunk(len(layer.gates))
            if "weight_ih" in name:
                nn.init.kaiming_uniform_(weight, nonlinearity="relu")
            elif "weight_hh" in name:
                for matrix in parts:
                    nn.init.orthogonal_(matrix, layer.gain)
            elif "bias_ih" in name:
                for bias, number in zip(parts, layer.gates):
                    nn.init.constant_(bias, number)
            else:
                nn.init.zeros_(weight)
nn.init.uniform_(model[-1].weight, -(40 ** -0.5), 40 ** -0.5)  # undecided at first


def criterion(outputs, y):
    return nn.functional.cross_entropy(outputs.transpose(1, 2), y)


optimizer = torch.optim.Adam(model.parameters(), lr=0.008, betas=(0.9, 0.99))
steps = 4 * len(train_batches)


def factor(step):
    return 0.5 + 0.5 * math.cos(math.pi * min(step / steps, 1.0))


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
        logits = model(torch.tensor(tokens[None]))[0, -1]
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
