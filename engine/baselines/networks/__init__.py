"""Baselines that are networks (MUSIQ, StairIQA, LIQE); they need the training packages."""
