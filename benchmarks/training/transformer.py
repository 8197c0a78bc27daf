"""A small transformer that says at every place of a text which symbol comes next."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


class Transformer(nn.Module):
    """Normalised before each part, with learned places (Radford et al. 2019).

    Args:
        n_symbols: Size of the alphabet.
        length: Symbols of a text.
        width: Numbers that stand for a symbol; a multiple of ``n_heads``.
        n_heads: Of each attention.
        n_blocks: Attention and two-layer network, one after the other.
    """

    def __init__(
        self, *, n_symbols: int, length: int, width: int, n_heads: int, n_blocks: int
    ) -> None:
        super().__init__()
        self.symbols = nn.Embedding(n_symbols, width)
        self.places = nn.Parameter(torch.zeros(length, width))
        self.blocks = nn.Sequential(*(Block(width, length, n_heads) for _ in range(n_blocks)))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, n_symbols)

    def forward(self, text: Tensor) -> Tensor:
        """(n, length) int64 -> (n, length, n_symbols), logits of the symbol after each place."""
        logits: Tensor = self.head(self.norm(self.blocks(self.symbols(text) + self.places)))
        return logits


class Block(nn.Module):
    """Attention to what stands to the left, then a network at each place on its own."""

    def __init__(self, width: int, length: int, n_heads: int) -> None:
        super().__init__()
        self.attention = nn.Sequential(nn.LayerNorm(width), Attention(width, length, n_heads))
        self.thought = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def forward(self, state: Tensor) -> Tensor:
        """(n, length, width) -> the same shape."""
        state = state + self.attention(state)
        changed: Tensor = state + self.thought(state)
        return changed


class Attention(nn.Module):
    """Causal self-attention with several heads, in plain products that many networks can share."""

    later: Tensor

    def __init__(self, width: int, length: int, n_heads: int) -> None:
        super().__init__()
        self.n_heads = n_heads
        self.into = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        later = torch.ones(length, length, dtype=torch.bool).triu(1)
        self.register_buffer("later", later, persistent=False)

    def forward(self, state: Tensor) -> Tensor:
        """(n, length, width) -> the same shape."""
        queries, keys, values = (
            part.unflatten(-1, (self.n_heads, -1)).transpose(-3, -2)
            for part in self.into(state).chunk(3, dim=-1)
        )
        likeness = queries @ keys.transpose(-2, -1) / math.sqrt(queries.shape[-1])
        shares = likeness.masked_fill(self.later, -math.inf).softmax(-1)
        attended: Tensor = self.out((shares @ values).transpose(-3, -2).flatten(-2))
        return attended
