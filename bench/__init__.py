"""Measurements and slow proofs, each one command."""
