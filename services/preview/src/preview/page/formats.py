"""The formats of a blueprint that pages are opened of; the jobs service accepts the same."""

PDF = "pdf"

PILLOW_FORMATS = {"png": "PNG", "jpg": "JPEG"}
"""Pictures, of one page each, and what Pillow calls their formats: `raster_file` opens all of them."""

FORMATS = (*PILLOW_FORMATS, PDF)
