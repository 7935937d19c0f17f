"""What pycocotools makes of YOLOX-Nano's boxes on the mirror's COCO pictures; none of our own Rust.

Writes tests/reference/average_precision.json, which tests/it/average_precision.rs compares with: for each picture the truth
(COCO's annotations, CC BY 4.0) and the boxes that onnxruntime's outputs of the published file give, the average precision of
each class, and the means over them, at an overlap of 0.5 and from 0.5 to 0.95.

And public/truth/coco.json: the truth of the sample pictures alone, by their ids, for the page.

Usage (python3 -m pip install pycocotools numpy onnxruntime pillow):
  python tests/reference/average_precision.py MIRROR

Boxes are decoded and suppressed as the publisher's evaluation does (an overlap of 0.65), but those below 0.05 are left out:
our engine does not tell them.
"""
import contextlib, copy, io, json, os, re, sys
import numpy as np
import onnxruntime
from PIL import Image
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

HERE = os.path.dirname(os.path.abspath(__file__))
MIRROR = sys.argv[1]
SIDE, FILL, SCORE, IOU = 416, 114, 0.05, 0.65

session = onnxruntime.InferenceSession(os.path.join(MIRROR, "detect/yolox_nano.onnx"), providers=["CPUExecutionProvider"])
truth = COCO(os.path.join(MIRROR, "coco/instances.json"))
# All 80, in the order of their numbers, which is that of the network's classes.
CATEGORIES = [n for n in range(1, 91) if n not in (12, 26, 29, 30, 45, 66, 68, 69, 71, 83)]
assert len(CATEGORIES) == 80


def places():
    """Column, row and stride of each of the network's 3,549 places."""
    for stride in (8, 16, 32):
        for row in range(SIDE // stride):
            for column in range(SIDE // stride):
                yield column, row, stride


PLACES = np.array(list(places()), np.float64)


def boxes(image):
    """Class, score, left, top, width, height, the surest first."""
    scale = SIDE / max(image.size)
    width, height = (max(1, int(side * SIDE / max(image.size))) for side in image.size)
    square = np.full((SIDE, SIDE, 3), FILL, np.float32)
    square[:height, :width] = np.asarray(image.resize((width, height), Image.Resampling.BILINEAR))
    rows = session.run(None, {session.get_inputs()[0].name: square[None, :, :, ::-1].transpose(0, 3, 1, 2)})[0][0]
    rows = rows.astype(np.float64)
    centre = (rows[:, :2] + PLACES[:, :2]) * PLACES[:, 2:] / scale
    half = np.exp(rows[:, 2:4]) * PLACES[:, 2:] / scale / 2
    limits = np.array(image.size * 2, np.float64)
    corners = np.clip(np.concatenate((centre - half, centre + half), 1), 0, limits)
    kinds = rows[:, 5:].argmax(1)
    scores = rows[:, 4] * rows[:, 5:].max(1)
    left = []
    for at in np.argsort(-scores, kind="stable"):
        if scores[at] < SCORE:
            break
        if all(kinds[at] != kinds[other] or overlap(corners[at], corners[other]) <= IOU for other in left):
            left.append(at)
    as_row = lambda c: [c[0], c[1], c[2] - c[0], c[3] - c[1]]
    return [[int(kinds[at]), round(float(scores[at]), 4)] + [round(float(v), 2) for v in as_row(corners[at])] for at in left]


def overlap(a, b):
    sides = np.maximum(0, np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]))
    both = sides[0] * sides[1]
    either = np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]) - both
    return both / either if either > 0 else 0


def samples():
    """The ids of the sample pictures that are COCO's, with COCO's numbers, from their table."""
    text = open(os.path.join(HERE, "../../src/pretrained/samples.rs")).read()
    for row in re.finditer(r'coco\(\s*"(\w+)",.*?\((?:TRAIN|VAL), ([\d_]+),', text, re.S):
        yield row[1], int(row[2].replace("_", ""))


def main():
    pictures, results = [], []
    for id in sorted(truth.getImgIds()):
        image = Image.open(os.path.join(MIRROR, "coco/images", truth.loadImgs(id)[0]["file_name"])).convert("RGB")
        found = boxes(image)
        there = [[CATEGORIES.index(a["category_id"]), *a["bbox"], a["iscrowd"]] for a in truth.loadAnns(truth.getAnnIds(id))]
        pictures.append({"id": id, "truth": there, "found": found})
        results += [{"image_id": id, "category_id": CATEGORIES[kind], "score": score, "bbox": box} for kind, score, *box in found]
    with contextlib.redirect_stdout(io.StringIO()):
        evaluator = COCOeval(truth, truth.loadRes(copy.deepcopy(results)), "bbox")
        evaluator.evaluate()
        evaluator.accumulate()
        evaluator.summarize()
    # [overlaps, recalls, classes] for objects of every size, a hundred boxes.
    precision = evaluator.eval["precision"][:, :, :, 0, -1]
    classes = []
    for at, number in enumerate(evaluator.params.catIds):
        of_class = precision[:, :, at]
        if (of_class > -1).all():
            classes.append([CATEGORIES.index(number), round(float(of_class[0].mean()), 6), round(float(of_class.mean()), 6)])
    half, all_overlaps = (round(float(evaluator.stats[n]), 6) for n in (1, 0))
    with open(os.path.join(HERE, "average_precision.json"), "w") as file:
        rows = ",\n".join(json.dumps(picture, separators=(",", ":")) for picture in pictures)
        file.write(f'{{"half": {half}, "all": {all_overlaps},\n"classes": {json.dumps(classes)},\n"pictures": [\n{rows}\n]}}\n')
    by_id = {picture["id"]: picture["truth"] for picture in pictures}
    rows = ",\n".join(f'"{sample}":{json.dumps(by_id[id], separators=(",", ":"))}' for sample, id in samples())
    folder = os.path.join(HERE, "../../public/truth")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "coco.json"), "w") as file:
        file.write("{\n" + rows + "\n}\n")
    print(f"{len(pictures)} pictures, {len(results)} boxes, AP {half} at 0.5, {all_overlaps} from 0.5 to 0.95", file=sys.stderr)


main()
