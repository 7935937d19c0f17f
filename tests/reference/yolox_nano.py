"""What onnxruntime makes of YOLOX-Nano's published file, for the sample pictures; none of our own Rust.

Writes into tests/reference/ what tests/it/detection.rs compares with:

  yolox_nano.json   per sample picture: id, CRC-32 of the 416 x 416 x 3 input bytes, which places are compared, and the final
                    boxes (class, score, left, top, right, bottom in pixels of the picture) after the publisher's decoding
                    and non-maximum suppression for each class
  yolox_nano.f32    all 85 outputs of those places, in the same order, float32 little-endian

Usage (after `cargo intab data`; python3 -m pip install onnxruntime pillow):
  INTAB_WRITE_INPUTS=/tmp/inputs cargo test --features tools,cpu detection
  python tests/reference/yolox_nano.py MIRROR/detect/yolox_nano.onnx /tmp/inputs

The inputs are the bytes that our decoder, resizing and letterbox made, so the outputs are those of our input exactly; what
Pillow makes of the same files is compared with them.
"""
import json, os, sys, zlib
import numpy as np
import onnxruntime
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLES = os.path.join(HERE, "..", "..", "public", "samples", "v1")
SIDE, FILL, SCORE, IOU = 416, 114, 0.3, 0.45
# Per picture the places whose boxes are surest, and others evenly from all over the picture.
SUREST, SPREAD = 8, 4

session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])


def outputs(square):
    """[416, 416, 3] RGB -> [3549, 85]"""
    planes = square[:, :, ::-1].astype(np.float32).transpose(2, 0, 1)[None]
    return session.run(None, {session.get_inputs()[0].name: planes})[0][0]


def letterbox(image):
    """Pillow's own, to compare with ours."""
    scale = min(SIDE / image.width, SIDE / image.height)
    size = max(1, int(image.width * scale)), max(1, int(image.height * scale))
    square = np.full((SIDE, SIDE, 3), FILL, np.uint8)
    square[:size[1], :size[0]] = np.asarray(image.resize(size, Image.Resampling.BILINEAR))
    return square


def decoded(rows, scale):
    """Classes, scores and boxes on the picture of all places, as the publisher's `demo_postprocess` has them."""
    places, strides = [], []
    for stride in (8, 16, 32):
        count = SIDE // stride
        y, x = np.meshgrid(np.arange(count), np.arange(count), indexing="ij")
        places.append(np.stack((x, y), 2).reshape(-1, 2))
        strides.append(np.full((count * count, 1), stride))
    places, strides = np.concatenate(places), np.concatenate(strides)
    centre, size = (rows[:, :2] + places) * strides, np.exp(rows[:, 2:4]) * strides
    scores = rows[:, 4:5] * rows[:, 5:]
    return scores.argmax(1), scores.max(1), np.concatenate((centre - size / 2, centre + size / 2), 1) / scale


def iou(a, b):
    width = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    area = lambda box: (box[2] - box[0]) * (box[3] - box[1])
    return width * height / (area(a) + area(b) - width * height)


def kept(classes, scores, boxes, size):
    """Greedy, for each class, the surest first. Boxes end at the picture's edge before they are compared."""
    boxes = np.clip(boxes, 0, [size[0], size[1], size[0], size[1]])
    order = [at for at in np.argsort(-scores) if scores[at] >= SCORE]
    left = []
    for at in order:
        if all(classes[at] != classes[other] or iou(boxes[at], boxes[other]) <= IOU for other in left):
            left.append(at)
    return [[int(classes[at]), round(float(scores[at]), 4)] + [round(float(v), 2) for v in boxes[at]] for at in left]


def main():
    index = json.load(open(os.path.join(SAMPLES, "index.json")))
    rows, values = [], []
    for sample in index:
        square = np.fromfile(os.path.join(sys.argv[2], sample["id"] + ".square.rgb"), np.uint8).reshape(SIDE, SIDE, 3)
        image = Image.open(os.path.join(SAMPLES, sample["file"])).convert("RGB")
        most = np.abs(square.astype(int) - letterbox(image)).max()
        found = outputs(square)
        classes, scores, boxes = decoded(found, min(SIDE / image.width, SIDE / image.height))
        spread = np.linspace(0, len(found) - 1, SPREAD + 2).astype(int)[1:-1]
        places = [int(at) for at in np.concatenate((np.argsort(-scores)[:SUREST], spread))]
        values.append(found[places].astype("<f4").tobytes())
        rows.append({"id": sample["id"], "crc32": zlib.crc32(square.tobytes()), "places": places,
                     "boxes": kept(classes, scores, boxes, image.size)})
        print(sample["id"], "input differs from Pillow's by", most, "boxes", len(rows[-1]["boxes"]), file=sys.stderr)
    with open(os.path.join(HERE, "yolox_nano.json"), "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")
    with open(os.path.join(HERE, "yolox_nano.f32"), "wb") as file:
        file.write(b"".join(values))


main()
