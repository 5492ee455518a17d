"""The pair network: MiniLM over two texts beside each other, which says what the second does to the first."""

import torch
from network import WIDTH, Body, ChannelDropout
from torch import Tensor, nn

FROZEN = 2  # layers that stay as they are
SIDES, PER_SIDE = 2, 15
SHAPES = 49  # as `claimtrack.matching.side_by_side.SHAPES`
POOLS = 2  # for each side
HIDDEN, ANSWERS, STANCES = 192, 3, 6
NO = -1e4


class PairNetwork(nn.Module):
    """Scores of answers and of stances, from the marks and weighted means of each side.

    The answers are supports, refutes and not enough; the stances `claimtrack.matching.pairs.STANCES`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.body = Body()
        self.body.shape = nn.Embedding(SHAPES, WIDTH)
        nn.init.normal_(self.body.shape.weight, std=0.02)
        self.dropout = ChannelDropout()
        self.weight = nn.Linear(WIDTH, SIDES * POOLS)
        nn.init.zeros_(self.weight.weight)
        self.inner = nn.Sequential(nn.Dropout(0.1), nn.Linear((1 + SIDES * POOLS) * WIDTH, HIDDEN), nn.GELU())
        self.answer = nn.Sequential(nn.Dropout(0.1), nn.Linear(HIDDEN, ANSWERS))
        self.stance = nn.Sequential(nn.Dropout(0.1), nn.Linear(HIDDEN, STANCES))

    def train(self, mode: bool = True) -> "PairNetwork":
        super().train(mode)
        self.body.layers[:FROZEN].eval()
        return self

    def forward(self, pieces: Tensor, shapes: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Return scores [batch, 3] and [batch, 6]; `mask` [batch, 1, 1, piece] is false where a pair is padded."""
        features = self.inner(self.pooled(pieces, shapes, mask))
        return self.answer(features), self.stance(features)

    @torch.no_grad()
    def lower(self, pieces: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return what the frozen layers make of the pieces, [batch, piece, width]."""
        hidden: Tensor = self.body.norm(self.body.piece(pieces) + self.body.position.weight[: pieces.shape[1]])
        for layer in self.body.layers[:FROZEN]:
            hidden = layer(hidden, mask)
        return hidden

    def pooled(self, pieces: Tensor, shapes: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return the opening mark and the weighted means of both sides, in a row."""
        hidden = self.dropout(self.lower(pieces, mask) + self.body.shape(shapes))
        for layer in self.body.layers[FROZEN:]:
            hidden = layer(hidden, mask)
        last = torch.tensor([PER_SIDE, 2 * PER_SIDE], device=shapes.device)[:, None]
        side = (shapes[:, None] > last - PER_SIDE) & (shapes[:, None] <= last)  # [batch, side, piece]
        apart = (~side).repeat_interleave(POOLS, 1) * NO
        weights = (self.weight(hidden).transpose(1, 2) + apart).softmax(-1)
        return torch.cat([hidden[:, :1], weights @ hidden], 1).flatten(1)

    def trained_parameters(self) -> tuple[list[Tensor], list[Tensor]]:
        """Return what is trained of MiniLM, and what is new."""
        old = [weight for layer in self.body.layers[FROZEN:] for weight in layer.parameters()]
        heads = (self.weight, self.inner, self.answer, self.stance)
        new = [self.body.shape.weight, *(weight for head in heads for weight in head.parameters())]
        return old, new
