"""What a blueprint may have, as the API promises; the jobs service accepts the same."""

MAX_PIXELS = 100_000_000
"""Width by height of a raster file. Textract itself takes 10,000 px by 10,000 px."""

MAX_PAGES = 500
"""Pages of a PDF."""
