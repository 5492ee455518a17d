"""The reader's network: MiniLM as a tagger of words, with heads that link cues, sources and contents."""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

WIDTH, LAYERS, HEADS, INNER = 384, 6, 12, 1536
PIECES, POSITIONS, SHAPES, TAGS = 30522, 512, 20, 7
LINK_WIDTH, LINKS = 128, 4
NEAR, BUCKETS = 16, 25
DROPOUT = 0.1


class ChannelDropout(nn.Module):
    """Dropout of whole channels of a sequence: as good here as dropout of single values, and a third faster."""

    def forward(self, hidden: Tensor) -> Tensor:
        if not self.training:
            return hidden
        kept = torch.rand(hidden.shape[0], 1, hidden.shape[2], device=hidden.device) >= DROPOUT
        return hidden * (kept / (1 - DROPOUT))


class Layer(nn.Module):
    """One transformer layer, normalised after each half, as in BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.Linear(WIDTH, 3 * WIDTH)
        self.attended = nn.Linear(WIDTH, WIDTH)
        self.attention_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.inner = nn.Linear(WIDTH, INNER)
        self.outer = nn.Linear(INNER, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = ChannelDropout()

    def forward(self, hidden: Tensor, mask: Tensor | None) -> Tensor:
        batch, length, _ = hidden.shape
        heads = self.attention(hidden).view(batch, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        query, key, value = heads[0], heads[1], heads[2]
        if torch.onnx.is_in_onnx_export():
            weights = (query @ key.transpose(2, 3) * (WIDTH // HEADS) ** -0.5).softmax(-1)
            read = weights @ value
        else:
            read = functional.scaled_dot_product_attention(query, key, value, mask)
        read = read.permute(0, 2, 1, 3).reshape(batch, length, WIDTH)
        hidden = self.attention_norm(hidden + self.dropout(self.attended(read)))
        return self.norm(hidden + self.dropout(self.outer(functional.gelu(self.inner(hidden)))))


class Body(nn.Module):
    """The MiniLM encoder; its table of pieces stays as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.piece = nn.Embedding(PIECES, WIDTH)
        self.piece.weight.requires_grad_(False)
        self.position = nn.Embedding(POSITIONS, WIDTH)
        self.shape = nn.Embedding(SHAPES, WIDTH)
        nn.init.normal_(self.shape.weight, std=0.002)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.dropout = ChannelDropout()

    def forward(self, pieces: Tensor, shapes: Tensor, mask: Tensor | None = None) -> Tensor:
        places = self.position.weight[: pieces.shape[1]]
        hidden = self.dropout(self.norm(self.piece(pieces) + places + self.shape(shapes)))
        for layer in self.layers:
            hidden = layer(hidden, mask)
        return hidden

    def load_pretrained(self, path: Path) -> None:
        """Take the weights of a BERT encoder from its safetensors file."""
        given = {name.removeprefix("bert."): value for name, value in load_file(path).items()}
        own = {
            "piece.weight": given["embeddings.word_embeddings.weight"],
            "position.weight": given["embeddings.position_embeddings.weight"]
            + given["embeddings.token_type_embeddings.weight"][0],
            "shape.weight": self.shape.weight,
            "norm.weight": given["embeddings.LayerNorm.weight"],
            "norm.bias": given["embeddings.LayerNorm.bias"],
        }
        for number in range(LAYERS):
            theirs, mine = f"encoder.layer.{number}", f"layers.{number}"
            for end in ("weight", "bias"):
                thirds = [given[f"{theirs}.attention.self.{part}.{end}"] for part in ("query", "key", "value")]
                own[f"{mine}.attention.{end}"] = torch.cat(thirds)
                own[f"{mine}.attended.{end}"] = given[f"{theirs}.attention.output.dense.{end}"]
                own[f"{mine}.attention_norm.{end}"] = given[f"{theirs}.attention.output.LayerNorm.{end}"]
                own[f"{mine}.inner.{end}"] = given[f"{theirs}.intermediate.dense.{end}"]
                own[f"{mine}.outer.{end}"] = given[f"{theirs}.output.dense.{end}"]
                own[f"{mine}.norm.{end}"] = given[f"{theirs}.output.LayerNorm.{end}"]
        self.load_state_dict(own)


class Reader(nn.Module):
    """Tags for every word, and four scores for every pair of words.

    The scores are those of a word of content that points to its cue, of a word of a cue that points to its source,
    and, seen from a word of a cue, of any word as its source and as its content. The first two have one more
    column: "to none".
    """

    def __init__(self) -> None:
        super().__init__()
        self.body = Body()
        self.tagger = nn.Sequential(
            nn.Dropout(DROPOUT), nn.Linear(WIDTH, WIDTH), nn.GELU(), nn.Dropout(DROPOUT), nn.Linear(WIDTH, TAGS)
        )
        self.from_word = nn.Sequential(nn.Dropout(DROPOUT), nn.Linear(WIDTH, LINKS * LINK_WIDTH))
        self.to_word = nn.Sequential(nn.Dropout(DROPOUT), nn.Linear(WIDTH, LINKS * LINK_WIDTH))
        self.level = nn.Linear(WIDTH, 2 * LINKS)
        self.distance = nn.Parameter(torch.zeros(LINKS, 2 * BUCKETS))
        self.paragraph = nn.Parameter(torch.zeros(LINKS, 5))
        self.register_buffer("bucket", _buckets(), persistent=False)

    def forward(
        self, pieces: Tensor, shapes: Tensor, words: Tensor, mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return tags [batch, word, 7], links [batch, 4, word, word] and the scores of "none" [batch, 2, word].

        `words` holds the place of each word's first piece.
        """
        hidden = self.body(pieces, shapes, mask)
        at = words.unsqueeze(-1).expand(-1, -1, WIDTH)
        hidden = hidden.gather(1, at)
        batch, count, _ = hidden.shape
        starts = self.from_word(hidden).view(batch, count, LINKS, LINK_WIDTH).transpose(1, 2)
        ends = self.to_word(hidden).view(batch, count, LINKS, LINK_WIDTH).transpose(1, 2)
        level = self.level(hidden).transpose(1, 2)
        links = starts @ ends.transpose(2, 3) * LINK_WIDTH**-0.5 + level[:, :LINKS].unsqueeze(2)
        order = torch.arange(count, device=hidden.device)
        apart = self.bucket[order.unsqueeze(0) - order.unsqueeze(1) + POSITIONS]
        paragraphs = (shapes.gather(1, words) % 2).cumsum(1)
        between = (paragraphs.unsqueeze(1) - paragraphs.unsqueeze(2)).clamp(-2, 2) + 2
        links = links + self.distance[:, apart] + self.paragraph[:, between].transpose(0, 1)
        return self.tagger(hidden), links, level[:, LINKS : LINKS + 2]


def _buckets() -> Tensor:
    """Return a bucket for each distance between words: exact when near, then by octaves' quarters; signs apart."""
    distances = torch.arange(-POSITIONS, POSITIONS + 1)
    size = distances.abs().clamp(min=1).float()
    far = NEAR + ((size / NEAR).log2() * 2).floor().clamp(min=0, max=BUCKETS - NEAR - 1)
    bucket = torch.where(size < NEAR, distances.abs().float(), far).long()
    return bucket + BUCKETS * (distances > 0)
