"""Train the reader's network on prepared articles.

    python bench/reader/train.py prepared.jsonl model.safetensors out.pt [--epochs 3]

It runs in an environment of its own (bench/requirements-train.txt), on a GPU where there is one, else on one core in
about an hour. One article in 21 is held out; its scores are printed after every half epoch, when the weights are saved.
"""

import argparse
import math
import random
import time
from pathlib import Path
from typing import Any

import torch
from batches import Batch, batches, read_articles
from network import TAGS, Reader
from torch import Tensor
from torch.nn import functional

SEED = 7
BODY_RATE, HEAD_RATE = 1.5e-4, 1e-3
WARM_UP = 0.05
HELD_OUT = 21
NO = -1e4


def losses(network: Reader, batch: Batch) -> dict[str, Tensor]:
    """Return the loss of each head: tags, content → cue, cue → source, and cue → all its words."""
    tags, links, none = network(batch.pieces, batch.shapes, batch.words, batch.mask)
    apart = (~batch.is_word)[:, None, None] * NO
    links = links + apart
    reached = torch.stack([batch.to_cue, batch.to_source], 1)
    every = torch.cat([links[:, :2], none.unsqueeze(-1)], -1).logsumexp(-1)
    wanted = torch.cat([links[:, :2].masked_fill(~reached, NO), none.unsqueeze(-1)], -1)
    has_end = reached.any(-1)
    wanted[..., -1] = wanted[..., -1].masked_fill(has_end, NO)
    missed = (every - wanted.logsumexp(-1)) * batch.points
    from_cues = batch.cues.unsqueeze(1) @ links[:, 2:]
    is_cue = batch.cues.sum(-1).gt(0)[:, None, :, None] & batch.is_word[:, None, None]
    wrong = functional.binary_cross_entropy_with_logits(from_cues, batch.parts, reduction="none") * is_cue
    return {
        "tags": functional.cross_entropy(tags.reshape(-1, TAGS), batch.tags.reshape(-1)),
        "cue": missed[:, 0].sum() / batch.points[:, 0].sum().clamp(min=1),
        "source": missed[:, 1].sum() / batch.points[:, 1].sum().clamp(min=1),
        "parts": wrong.sum() / batch.parts.sum().clamp(min=1),
    }


@torch.no_grad()
def held_out_scores(network: Reader, articles: list[dict[str, Any]], device: torch.device) -> str:
    """Return the losses, and F1 of the words of sources, cues and contents, on articles not trained on."""
    network.eval()
    total: dict[str, float] = {}
    counts = torch.zeros(3, 3)
    given = list(batches(articles, random.Random(0), shuffled=False))
    for batch in (one.to(device) for one in given):
        for name, value in losses(network, batch).items():
            total[name] = total.get(name, 0.0) + value.item()
        found = network(batch.pieces, batch.shapes, batch.words, batch.mask)[0].argmax(-1)
        for role in range(3):
            is_found = ((found + 1) // 2 == role + 1) & batch.is_word
            is_gold = (batch.tags + 1).div(2, rounding_mode="floor") == role + 1
            counts[role] += torch.tensor([(is_found & is_gold).sum(), is_found.sum(), is_gold.sum()])
    network.train()
    f1 = 2 * counts[:, 0] / (counts[:, 1] + counts[:, 2])
    parts = [f"{name} {value / len(given):.4f}" for name, value in total.items()]
    return " ".join(parts) + " · words F1 " + " ".join(f"{value:.3f}" for value in f1.tolist())


def train(arguments: argparse.Namespace) -> None:
    torch.manual_seed(SEED)
    torch.set_num_threads(arguments.threads)
    torch.set_flush_denormal(True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    articles = read_articles(arguments.prepared)
    held_out, articles = articles[::HELD_OUT], [one for n, one in enumerate(articles) if n % HELD_OUT]
    articles = articles[: arguments.limit]
    network = Reader()
    network.body.load_pretrained(arguments.body)
    network.to(device).train()
    body = [weight for weight in network.body.parameters() if weight.requires_grad]
    heads = [weight for name, weight in network.named_parameters() if not name.startswith("body.")]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": BODY_RATE}, {"params": heads, "lr": HEAD_RATE}], weight_decay=0.01, fused=True
    )
    chance = random.Random(SEED)
    per_epoch = len(list(batches(articles, random.Random(SEED), shuffled=True)))
    if not per_epoch:
        raise SystemExit(f"One article in {HELD_OUT} is held out, the first one too: there is none left to train on.")
    steps = math.ceil(per_epoch * arguments.epochs)
    limit = arguments.minutes * 60 if arguments.minutes else math.inf
    began = time.monotonic()

    def rate(step: int) -> float:
        left = 1 - max(step / steps, (time.monotonic() - began) / limit)
        return max(0.0, min((step + 1) / (WARM_UP * steps), left / (1 - WARM_UP)))

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    step, seen = 0, dict.fromkeys(("tags", "cue", "source", "parts"), 0.0)
    while True:
        for batch in batches(articles, chance, shuffled=True):
            found = losses(network, batch.to(device))
            loss = found["tags"] + 0.5 * (found["cue"] + found["source"] + found["parts"])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            schedule.step()
            step += 1
            for name, value in found.items():
                seen[name] += value.item()
            if step % 25 == 0:
                minutes = (time.monotonic() - began) / 60
                means = " ".join(f"{name} {value / 25:.4f}" for name, value in seen.items())
                print(
                    f"{step}/{steps} {minutes:.1f} min, {minutes / step * (steps - step):.0f} to go: {means}",
                    flush=True,
                )
                seen = dict.fromkeys(seen, 0.0)
            is_last = step == steps or time.monotonic() - began > limit
            if step % max(1, per_epoch // 2) == 0 or is_last:
                torch.save(network.state_dict(), arguments.out)
                print("held out:", held_out_scores(network, held_out, device), flush=True)
            if is_last:
                return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("prepared", type=Path, help="what prepare.py wrote")
    parser.add_argument("body", type=Path, help="model.safetensors of all-MiniLM-L6-v2")
    parser.add_argument("out", type=Path, help="where the trained weights go")
    parser.add_argument("--epochs", type=float, default=3.0)
    parser.add_argument("--minutes", type=float, help="end by then, whatever was reached: the rates fall by the clock")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--limit", type=int, help="train on this many articles only")
    train(parser.parse_args())


if __name__ == "__main__":
    main()
