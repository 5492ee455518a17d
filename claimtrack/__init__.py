"""claimtrack follows what people said through the news until it is known how it turned out."""

__version__ = "0.1.0"
