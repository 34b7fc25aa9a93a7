"""Sweeps: one net in very many variants, a row of numbers each."""
