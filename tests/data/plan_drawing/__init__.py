"""Draws the floor plans that the tests use: our own buildings, on paper, as files with exact truth."""
