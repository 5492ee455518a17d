"""What a text means, as a vector: texts that say alike things lie close together."""

DIMENSIONS = 384
