"""How much of a file is taken, how large a page is drawn, and what Textract takes."""

MAX_PROGRESSIVE_BYTES = 540_000_000
"""What a progressive JPG may take while it is decoded: 100 megapixels where colour is subsampled, as it is in
most, and 77 where it is not. Source: what a child's memory leaves; libjpeg calls want of memory damage."""

PDF_LONG_SIDE_PX = 3300
"""A PDF page is drawn to this many pixels along its long side. Source: a letter sheet at 300 DPI, and an
A1 sheet at 100 DPI, whose walls of 1 mm are then 4 px; a larger raster gains the detector nothing."""

PDF_MAX_DPI = 300.0
"""A small page is not drawn finer than this. Source: what office scanners give, and Textract asks for 150."""

PDF_POINTS_PER_INCH = 72.0
"""Source: ISO 32000-1, 8.3.2.3."""

MAX_WORDS = 20_000
"""Words taken from a PDF's text layer, to bound the answer. Source: the densest sheet seen had 1,500."""

MAX_CHARACTERS = 200_000
"""Characters looked at in a PDF's text layer, at 2 µs each (measured)."""

MIN_INK_CONTRAST = 16
"""Gray levels between the lightest and the darkest pixel under a word that can be seen. Source: half of what
light gray lettering on white paper shows (32); JPEG noise on paper stays under 10."""

TEXTRACT_MAX_BYTES = 10_000_000
"""Source: Textract's "10 MB", read in the stricter of its two senses.
https://docs.aws.amazon.com/textract/latest/dg/limits-document.html"""

TEXTRACT_MAX_SIDE_PX = 10_000
"""Source: as above."""

TEXTRACT_MAX_PDF_INCHES = 40.0
"""Source: as above."""

TEXTRACT_PNG_SIDE_PX = 6_000
"""A page rendered for Textract is not larger than this. Source: letters 2 mm high on a sheet 40 inches long
are 12 px there, about the least Textract reads, and encoding takes 0.3 s (measured)."""

PICTURE_SIDE_PX = 2_000
"""Long side of the picture with the rooms, at most. Source: fills a screen at twice its resolution."""

PICTURE_MIN_SIDE_PX = 1_400
"""A smaller page is enlarged for it. Source: labels of closets did not fit on plans 600 px long (seen)."""
