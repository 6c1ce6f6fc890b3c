"""Measures a run as trec_eval does: JSON with qrels, run, measures and condensed in, values by query and measure out."""

import json
import sys

import pytrec_eval

NAMES = {"ndcg": "ndcg", "mrr": "recip_rank", "map": "map", "p": "P", "recall": "recall", "hit": "success", "bpref": "bpref"}
CUT = {"ndcg": "ndcg_cut", "map": "map_cut"}


def first(documents, depth):
    return dict(sorted(documents.items(), key=lambda scored: -scored[1])[:depth])


def values(asked, measure):
    kind, _, depth = measure.partition("@")
    qrels, run = asked["qrels"], asked["run"]
    if asked["condensed"]:
        run = {query: {d: s for d, s in found.items() if d in qrels[query]} for query, found in run.items()}
    if not depth or kind == "mrr":
        name = result = NAMES[kind]
        if depth:
            run = {query: first(found, int(depth)) for query, found in run.items()}
    else:
        name = CUT.get(kind, NAMES[kind])
        name, result = f"{name}.{depth}", f"{name}_{depth}"
    measured = pytrec_eval.RelevanceEvaluator(qrels, {name}).evaluate(run)
    return {query: measured.get(query, {}).get(result, 0.0) for query in qrels}


with open(sys.argv[1], encoding="utf-8") as file:
    asked = json.load(file)
answer = {}
for measure in asked["measures"]:
    for query, value in values(asked, measure).items():
        answer.setdefault(query, {})[measure] = value
json.dump(answer, sys.stdout)
