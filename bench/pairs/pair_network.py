"""The pair network: MiniLM over two texts beside each other, which says what the second does to the first."""

import torch
from network import WIDTH, Body, ChannelDropout
from torch import Tensor, nn

FROZEN = 2  # layers that stay as they are, so that what they give need be worked out only once
SIDES, PER_SIDE = 2, 15
SHAPES = 1 + SIDES * PER_SIDE  # as `claimtrack.matching.side_by_side.SHAPES`
POOLS = 2  # for each side
HIDDEN, ANSWERS = 192, 3
NO = -1e4


class PairNetwork(nn.Module):
    """Scores of supports, refutes and not enough; from weighted means of each side and the opening mark."""

    def __init__(self) -> None:
        super().__init__()
        self.body = Body()
        self.body.shape = nn.Embedding(SHAPES, WIDTH)
        nn.init.normal_(self.body.shape.weight, std=0.02)
        self.dropout = ChannelDropout()
        self.weight = nn.Linear(WIDTH, SIDES * POOLS)
        nn.init.zeros_(self.weight.weight)
        self.head = nn.Sequential(
            nn.Dropout(0.1),
            nn.Linear((1 + SIDES * POOLS) * WIDTH, HIDDEN),
            nn.GELU(),
            nn.Dropout(0.1),
            nn.Linear(HIDDEN, ANSWERS),
        )

    def lower(self, pieces: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return what the frozen layers make of the pieces, [batch, piece, width]."""
        hidden: Tensor = self.body.norm(self.body.piece(pieces) + self.body.position.weight[: pieces.shape[1]])
        for layer in self.body.layers[:FROZEN]:
            hidden = layer(hidden, mask)
        return hidden

    def forward(self, lower: Tensor, shapes: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return scores [batch, 3]; `mask` [batch, 1, 1, piece] is false where a pair is padded."""
        scores: Tensor = self.head(self.pooled(lower, shapes, mask))
        return scores

    def pooled(self, lower: Tensor, shapes: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return the opening mark and the weighted means of both sides, in a row."""
        hidden = self.dropout(lower + self.body.shape(shapes))
        for layer in self.body.layers[FROZEN:]:
            hidden = layer(hidden, mask)
        side = torch.stack([(shapes > 0) & (shapes <= PER_SIDE), shapes > PER_SIDE], 1)  # [batch, side, piece]
        apart = (~side).repeat_interleave(POOLS, 1) * NO
        weights = (self.weight(hidden).transpose(1, 2) + apart).softmax(-1)
        return torch.cat([hidden[:, :1], weights @ hidden], 1).flatten(1)

    def trained_parameters(self) -> tuple[list[Tensor], list[Tensor]]:
        """Return what is trained of MiniLM, and what is new."""
        old = [weight for layer in self.body.layers[FROZEN:] for weight in layer.parameters()]
        new = [self.body.shape.weight, *self.weight.parameters(), *self.head.parameters()]
        return old, new
