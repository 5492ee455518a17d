"""Train the pair network on prepared pairs.

    PYTHONPATH=bench/reader python bench/pairs/train.py prepared.jsonl model.safetensors out.pt [--minutes 45]

It runs in the reader's training environment, on a GPU where there is one, else on one core in about an hour. Every
epoch takes all pairs of which one bears on the other, and some of the others and of those with an answer. The scores
on the cases kept back for choosing are printed after every half epoch, when the weights are saved.
"""

import argparse
import json
import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from pair_network import PairNetwork
from torch import Tensor
from torch.nn import functional

SEED = 7
BODY_RATE, HEAD_RATE = 1.5e-4, 1e-3
WARM_UP = 0.05
NONE = 0  # as in `claimtrack.matching.pairs.STANCES`
SMOOTHING = 0.05
BATCH_PIECES = 1024
ANSWERS_PER_EPOCH, UNRELATED_PER_EPOCH = 6_000, 8_000
POOL = 800  # pairs that are sorted by length together
CHOSEN_BY = 2_500  # of the pairs kept back for choosing


@dataclass(frozen=True)
class Batch:
    """Pairs padded to one length; `for_stance` says which have a stance for label, not an answer."""

    pieces: Tensor
    shapes: Tensor
    mask: Tensor
    labels: Tensor
    for_stance: Tensor


def read_rows(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Read what `prepare` wrote, by part."""
    parts: dict[str, list[dict[str, Any]]] = {"train": [], "choose": [], "test": []}
    with path.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            parts[row["part"]].append(row)
    return parts


def grouped(rows: Sequence[dict[str, Any]], chance: random.Random | None = None) -> list[list[dict[str, Any]]]:
    """Put every pair together with others of about its length, in the order of `chance`."""
    order = list(rows)
    if chance:
        chance.shuffle(order)
    groups: list[list[dict[str, Any]]] = []
    for start in range(0, len(order), POOL):
        group: list[dict[str, Any]] = []
        for row in sorted(order[start : start + POOL], key=lambda row: len(row["pieces"])):
            if group and (len(group) + 1) * len(row["pieces"]) > BATCH_PIECES:
                groups.append(group)
                group = []
            group.append(row)
        groups.append(group)
    if chance:
        chance.shuffle(groups)
    return groups


def batch_of(rows: Sequence[dict[str, Any]], device: torch.device) -> Batch:
    """Pad some pairs to one length."""
    length = max(len(row["pieces"]) for row in rows)

    def padded(given: Sequence[list[int]]) -> Tensor:
        return torch.tensor([row + [0] * (length - len(row)) for row in given], device=device)

    return Batch(
        pieces=padded([row["pieces"] for row in rows]),
        shapes=padded([row["shapes"] for row in rows]),
        mask=padded([[1] * len(row["pieces"]) for row in rows]).bool()[:, None, None],
        labels=torch.tensor([row["label"] for row in rows], device=device),
        for_stance=torch.tensor([row["head"] == "stance" for row in rows], device=device),
    )


def loss_of(found: tuple[Tensor, Tensor], batch: Batch, smoothing: float = 0.0) -> Tensor:
    """The summed loss of a batch, each pair by the head that it is for."""
    total = torch.zeros((), device=batch.labels.device)
    for scores, those in zip(found, (~batch.for_stance, batch.for_stance), strict=True):
        if those.any():
            total = total + functional.cross_entropy(
                scores[those], batch.labels[those], reduction="sum", label_smoothing=smoothing
            )
    return total


@torch.no_grad()
def scored(network: PairNetwork, rows: Sequence[dict[str, Any]], device: torch.device) -> str:
    """Return for each head accuracy, and F1 of each label."""
    network.eval()
    tables = torch.zeros(2, 6, 6)
    for batch in (batch_of(group, device) for group in grouped(rows)):
        found = network(batch.pieces, batch.shapes, batch.mask)
        for number, label in enumerate(batch.labels.tolist()):
            head = int(batch.for_stance[number])
            tables[head, label, int(found[head][number].argmax())] += 1
    network.train()
    return "; ".join(_shown(name, table) for name, table in zip(("answers", "stances"), tables, strict=True))


def _shown(name: str, table: Tensor) -> str:
    alike = 2 * table.diag() / (table.sum(0) + table.sum(1)).clamp(min=1)
    each = " ".join(f"{value:.2f}" for value in alike.tolist())
    return f"{name} {table.diag().sum() / table.sum().clamp(min=1):.4f} (F1 {each})"


def of_epoch(rows: Sequence[dict[str, Any]], chance: random.Random) -> list[dict[str, Any]]:
    """All pairs of which one bears on the other, some of those where it does not, and some with an answer."""
    answers = [row for row in rows if row["head"] == "answer"]
    unrelated = [row for row in rows if row["head"] == "stance" and row["label"] == NONE]
    related = [row for row in rows if row["head"] == "stance" and row["label"] != NONE]
    some = chance.sample(answers, min(len(answers), ANSWERS_PER_EPOCH))
    return related + some + chance.sample(unrelated, min(len(unrelated), UNRELATED_PER_EPOCH))


def train(arguments: argparse.Namespace) -> None:
    torch.manual_seed(SEED)
    torch.set_num_threads(arguments.threads)
    torch.set_flush_denormal(True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    parts = read_rows(arguments.prepared)
    judges = random.Random(SEED).sample(parts["choose"], min(len(parts["choose"]), CHOSEN_BY))
    network = PairNetwork()
    network.body.load_pretrained(arguments.body)
    if arguments.start:
        network.load_state_dict(torch.load(arguments.start, weights_only=True))
    network.to(device).train()
    began = time.monotonic()
    old, new = network.trained_parameters()
    optimizer = torch.optim.AdamW(
        [{"params": old, "lr": BODY_RATE}, {"params": new, "lr": HEAD_RATE}], weight_decay=0.01, fused=True
    )
    chance = random.Random(SEED)
    per_epoch = len(grouped(of_epoch(parts["train"], random.Random(SEED)), random.Random(SEED)))
    steps = math.ceil(per_epoch * arguments.epochs)
    limit = arguments.minutes * 60 if arguments.minutes else math.inf

    def rate(step: int) -> float:
        left = 1 - max(step / steps, (time.monotonic() - began) / limit)
        return max(0.0, min((step + 1) / (WARM_UP * steps), left / (1 - WARM_UP)))

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    step, seen = 0, 0.0
    while True:
        for batch in (batch_of(group, device) for group in grouped(of_epoch(parts["train"], chance), chance)):
            found = network(batch.pieces, batch.shapes, batch.mask)
            loss = loss_of(found, batch, SMOOTHING) / len(batch.labels)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            schedule.step()
            step += 1
            seen += loss.item()
            if step % 25 == 0:
                minutes = (time.monotonic() - began) / 60
                left = minutes / step * (steps - step)
                print(f"{step}/{steps} {minutes:.1f} min, {left:.0f} to go: loss {seen / 25:.4f}", flush=True)
                seen = 0.0
            is_last = step == steps or time.monotonic() - began > limit
            if step % (per_epoch // 2) == 0 or is_last:
                torch.save(network.state_dict(), arguments.out)
                print("chosen by:", scored(network, judges, device), flush=True)
            if is_last:
                return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("prepared", type=Path, help="what prepare.py wrote")
    parser.add_argument("body", type=Path, help="model.safetensors of all-MiniLM-L6-v2")
    parser.add_argument("out", type=Path, help="where the trained weights go")
    parser.add_argument("--epochs", type=float, default=3.0)
    parser.add_argument("--minutes", type=float, help="end by then, whatever was reached: the rates fall by the clock")
    parser.add_argument("--start", type=Path, help="go on from what an earlier run gave")
    parser.add_argument("--threads", type=int, default=1)
    train(parser.parse_args())


if __name__ == "__main__":
    main()
