"""The formats of a blueprint that pages are opened of; the jobs service accepts the same."""

PDF = "pdf"

PILLOW_FORMATS = {"png": "PNG", "jpg": "JPEG"}
"""Pictures, and what Pillow calls their formats."""

FORMATS = (*PILLOW_FORMATS, PDF)
