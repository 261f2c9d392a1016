"""Every threshold of the detector, with its unit and where it comes from.

Lengths are shares of a named length, so that a plan detects alike at every resolution. "Tuned" means
chosen by F1 at IoU 0.5 over the development plans of several styles (docs/room-detection.md lists them).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DetectorOptions:
    """Thresholds by the stage that reads them."""

    # ink
    working_side_px: int = 1600
    """Long side of the raster the later stages see, pixels: a 100 mm wall on a 40 m sheet is still 4 px."""
    dark_mode_gray: int = 110
    """A sheet whose commonest gray level (0-255) is below this is light on dark and is inverted; white-on-blue
    prints lie at 40-90, stained paper above 150."""
    background_cells: int = 250
    """The paper's shade is estimated on a grid this many cells long."""
    background_window: float = 0.05
    """Side of the closing that bridges ink when the paper's shade is estimated, share of the grid; wider
    than any wall."""
    darkest_background_gray: int = 120
    """Paper shades are not believed to be darker than this (0-255): filled areas are ink, not paper."""
    ink_gray_min: int = 195
    ink_gray_max: int = 212
    """Otsu's threshold is kept within these levels (0-255): below, gray partition lines are lost; above,
    JPEG noise becomes ink. Tuned."""
    noise_gray: float = 2.0
    """Median step between neighbouring rows, gray levels, above which a scan is smoothed before thresholding."""
    ink_share: float = 0.25
    """Share of ink that makes a pixel of the shrunk raster ink: a one-pixel line survives fourfold shrinking."""

    # frame
    frame_margin: float = 0.04
    """A border line of the sheet lies within this share of the inked area's side from its edge."""
    frame_coverage: float = 0.8
    """Share of a side that a border line covers; title blocks and folds interrupt the rest."""
    frame_band: float = 0.008
    """Width of the empty band inside a border, share of the long side: an outer wall has rooms there."""
    frame_band_ink: float = 0.03
    """Share of ink that may lie in that band (tick marks, zone letters)."""
    frame_empty_sides: int = 1
    """Sides of a border that nothing may touch from inside: a title block takes up to three; inner walls meet
    outer walls on all sides."""
    frame_page_margin: float = 0.2
    """Share of the page's width and height that margins around a border take together."""

    # lettering
    letter_extent: float = 0.02
    """Marks smaller than this share of the page in both directions are letters and symbols."""
    keep_line: float = 2.0
    """Straight strokes through a word's box longer than this many text heights are walls, not letters."""

    # walls
    thickest_wall: float = 0.034
    """Thickest stroke believed to be a wall, share of the long side: 55 px of 1600."""
    peak_share: float = 0.06
    """Least share of the thick ink in one peak of the thickness spectrum. Tuned."""
    wall_share: float = 0.12
    """Least strength of the strongest thick peak against thin lines for walls to count as drawn solid. Tuned."""
    opening_shares: tuple[float, ...] = (0.6, 0.35)
    """Openings that separate walls from thinner strokes, shares of a peak's thickness. Tuned."""
    double_line_gaps: tuple[float, ...] = (0.0045, 0.009)
    """Distances between the faces of walls drawn as two lines, shares of the long side: 110-230 mm on a
    sheet 25 m wide."""
    strip_radii: tuple[float, ...] = (0.005, 0.011)
    """White areas whose inscribed circle is smaller than this share of the long side are the inside of walls."""
    line_length: float = 0.02
    """Shortest straight stroke that counts as a single-line wall, share of the long side."""

    # openings
    gap_sizes: tuple[float, ...] = (0.02, 0.042, 0.07, 0.11)
    """Openings to bridge, shares of the building's side: a 0.8 m door in a building of 20 m is 0.04. Tuned."""
    bridge_width: float = 2.2
    """Widest bridge, in wall thicknesses: wider ones would fill rooms and corridors."""

    # enclosed
    smallest_area: float = 0.0006
    largest_area: float = 0.6
    """Areas of rooms, shares of the drawn part of the page."""
    largest_box: float = 0.75
    """Share of the drawn part of the page that a room's box may take: the ground around a building takes all."""
    narrowest: float = 0.012
    """Least side of a room's box, share of the long side: 0.3 m on a sheet 25 m wide."""
    surrounded_share: float = 0.5
    """A region more than this share of which is other things' walls and rooms is the ground around a building."""
    same_area: float = 0.12
    same_box_iou: float = 0.85
    """Two regions are one when their areas differ by less than this share and their boxes overlap by this IoU."""

    # outline
    outline_px: float = 2.5
    """Greatest distance of the simplified outline from the traced one, pixels of the working raster."""

    # labels
    letter_height_ratio: float = 1.6
    """Words of one line differ in height by at most this factor."""
    word_space: float = 1.6
    """Widest space between words of a line, in widths of a letter."""
    line_height_ratio: float = 2.2
    """Lines of one label differ in height by at most this factor: sizes are set smaller than names."""
    line_space: float = 0.9
    """Widest space between lines of a label, in heights of the smaller line."""
    fewest_numbers: int = 5
    """Numbers on a page from which they may be rooms' numbers."""
    same_form: float = 0.6
    """Share of them that begin alike, or have two digits at most, if they are: 201, 202, 215 on a second floor."""

    # scoring
    breadth_weight: float = 2.4
    ample_breadth: float = 0.05
    """Mean width from which a region is as wide as a room, share of the drawing's long side."""
    likely_agreement: float = 0.3
    likely_support: float = 0.4
    adapt: float = 0.5
    corner_weight: float = 0.0
    many_corners: int = 20
    agreement_weight: float = 1.2
    wall_weight: float = 1.3
    ink_weight: float = 0.7
    squareness_weight: float = 0.8
    ample_squareness: float = 0.5
    """Short side by long side from which a region is no strip."""
    compactness_weight: float = -0.5
    """Negative: furniture fills its box, rooms have corners."""
    room_label_worth: tuple[float, ...] = (0.0, 1.2, 0.2, 0.0)
    """Worth of none, one, two, more labels with a room word: the more, the likelier several rooms in one."""
    number_worth: float = 0.6
    """Worth of a single room number where no room word is."""
    unknown_label_worth: float = 0.35
    """Worth of a single label of unknown words where no room word is."""
    named_page: int = 3
    unnamed_penalty: float = 0.4
    sheet_penalty: float = 1.0
    """For each of up to two labels of sheet words (scale, drawn, revision)."""
    text_block: int = 5
    """Unknown labels that make a region a block of notes."""
    text_block_penalty: float = 1.0

    # selection
    least_score: float = 4.1
    """Score under which a candidate is worth nothing. Tuned."""
    area_exponent: float = 0.6
    """A region stands for the areas inside it in proportion to area to this power: 1 would favour halls over
    their rooms, 0 cupboards over rooms. Tuned."""
    most_overlap: float = 0.2
    """Overlap two rooms may have, share of the smaller."""

    # confidence
    confidence_table: tuple[tuple[float, float], ...] = ((0.36, 0.2), (1.0, 0.95))
    """Scores and the share of rooms that were right at them."""
