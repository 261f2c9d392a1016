"""Rasters, boxes and masks: what every phase measures with."""
