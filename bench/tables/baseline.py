"""Gradient boosting on the rows that the page trained on and held out: python baseline.py FOLDER.

Reads what run.mjs wrote, and prints the table of README.md."""

import csv
import json
import sys
from pathlib import Path

import numpy
import pandas
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import accuracy_score, r2_score


def split(folder, name, result):
    rows = pandas.read_csv(folder / f"{name}.rows.csv", keep_default_na=False, na_values=[""])
    parts = rows.pop(rows.columns[-1])
    target = rows.pop(rows.columns[-1])
    for column in rows.columns:
        if rows[column].dtype == object or str(rows[column].dtype) == "str":
            rows[column] = rows[column].astype("category")
    return rows, target, parts == "train", parts == "test"


def line(folder, name, result, raw_rows, raw_columns):
    head = [name, f"{raw_rows:,}", str(raw_columns), result["proposed"]]
    if "refused" in result or "error" in result:
        return [*head, result.get("learned", ""), "", result.get("refused", result.get("error")), "", ""]
    rows, target, train, test = split(folder, name, result)
    number = result["number"]
    kind = HistGradientBoostingRegressor if number else HistGradientBoostingClassifier
    model = kind(categorical_features="from_dtype", random_state=7)
    truth = target if number else target.astype(str)
    model.fit(rows[train], truth[train])
    told = model.predict(rows[test])
    if number:
        figures = [result["test"]["accuracy"], r2_score(truth[test], told), 0.0]
    else:
        guess = (truth[test] == truth[train].mode()[0]).mean()
        figures = [result["test"]["accuracy"], accuracy_score(truth[test], told), guess]
    assert int(test.sum()) == result["test"]["count"], (name, int(test.sum()), result["test"])
    show = (lambda x: f"R² {x:.3f}") if number else (lambda x: f"{x:.1%}")
    return [*head, result["learned"], f"{int(test.sum()):,}", *map(show, figures)]


def main(folder):
    print("| table | lines | columns | proposed | learned | held out | intab | gradient boosting | guessing |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for table in json.loads(Path(__file__).with_name("tables.json").read_text()):
        name = table["name"]
        found = folder / f"{name}.json"
        if not found.exists():
            continue
        text = (folder / f"{name}.csv").read_text(encoding="utf-8", errors="replace").splitlines()
        cells = line(folder, name, json.loads(found.read_text()), len(text), max(map(len, csv.reader(text[:2]))))
        print("| " + " | ".join(cells) + " |", flush=True)


numpy.seterr(all="ignore")
main(Path(sys.argv[1]))
