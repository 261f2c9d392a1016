"""Every threshold of the detector, with its unit and where it comes from.

Lengths are shares of a named length, so that a plan detects alike at every resolution; "long side" and
"drawing" mean the drawn part of the page, without sheet borders and blank margins. "Tuned" means chosen
by F1 at IoU 0.5 over the development plans of eight styles, with and without words
(docs/room-detection.md has the figures); "drawn" means read off drawings at common scales.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DetectorOptions:
    """Thresholds in the order of the stages that read them."""

    # Ink
    working_side_px: int = 1280
    """Long side of the raster the later stages see, pixels: a wall of 125 mm on a sheet 40 m wide is 4 px.
    At 1600 everything takes half as long again and ordinary plans are found no better. Tuned."""
    crowded_side_px: int = 2000
    crowded_rooms: int = 30
    """The same for a page whose own text names so many rooms: the walls of such vector floors are hairlines,
    and larger or smaller finds fewer rooms. Takes up to three times as long. Tuned."""
    dense_side_px: int = 1600
    dense_breadth: float = 0.03
    """A page whose usual room is narrower than this share of the long side is looked at again at this size,
    if it is large enough: the hairlines of office floors need it. Tuned."""
    dark_mode_gray: int = 110
    """A sheet whose commonest gray level (0-255) is below this is light on dark, and inverted: white-on-
    blue prints lie at 40-90, stained paper above 150. Drawn."""
    dark_sheet_black: float = 0.02
    """Unless more than this share of it is less than half as bright, or more than is twice as bright: then it
    is dark lines on gray paper. Of sheets with light lines up to 0.004 is so dark, of such paper with white
    patches 0.075 and more. Measured on the development plans."""
    background_cells: int = 250
    """The paper's shade is estimated on a grid this many cells long: a cell is wider than a letter's
    stroke."""
    background_window: float = 0.05
    """Side of the closing that bridges ink in that grid, share of its long side: wider than any wall.
    Drawn."""
    darkest_background_gray: int = 120
    """Paper is not believed to be darker than this (0-255): filled areas are ink, not paper. Drawn."""
    ink_gray_min: int = 195
    ink_gray_max: int = 212
    """Otsu's threshold (1979) is kept within these levels (0-255): below, gray partition lines are lost;
    above, JPEG noise becomes ink. Measured on the development plans."""
    noise_gray: float = 2.0
    """Median step between neighbouring rows, gray levels, from which a scan is smoothed before
    thresholding."""
    ink_share: float = 0.25
    """Share of ink that makes a pixel of the shrunk raster ink: a one-pixel line survives shrinking to a
    quarter."""

    building_floor: float = 0.5
    stray_floor: float = 0.005
    building_margin: float = 0.06
    largest_part_cut: float = 0.8
    """On such a page the building is looked at alone: the cells of the network that are floor with this
    probability, without this share of them at either end, and with a margin of this share of the longer side,
    unless that is more than this share of the drawing. Tuned."""

    # Skew
    largest_skew: float = 10.0
    """Drawings are turned by less than this, degrees: scanners feed sheets a few degrees askew. Drawn."""
    least_skew: float = 1.5
    """What lies less askew stays, degrees: below 2, turning gains nothing. Tuned on plans turned before."""
    skew_step: float = 0.5
    """Angles tried at first lie this far apart, degrees, then eight times closer around the best: a wall as
    long as the working raster rises by 11 px in such a step."""
    clear_skew: float = 1.5
    """Least unevenness of the profiles once turned, against before: noise stays below 1.25, and plans 1.2
    degrees askew lie above 4. Measured on the development plans."""
    most_skew_points: int = 15000
    """Pixels of ink looked at, drawn by lot: 30,000 take twice the time and give the same angles."""
    least_skew_points: int = 200
    """Fewer pixels of ink are too few to tell: a line and a word."""

    # Frame
    frame_margin: float = 0.04
    """A border line of the sheet lies within this share of the inked area's side from its edge. Drawn."""
    frame_coverage: float = 0.8
    """Share of a side that a border line covers; title blocks and folds interrupt the rest. Drawn."""
    frame_band: float = 0.008
    """Width of the band looked at inside a border, share of the long side: 5 mm on an A1 sheet."""
    frame_band_ink: tuple[float, ...] = (-1.0, 0.03, 0.12)
    """Share of ink that may lie in that band on any side (tick marks, zone letters, notes) if nothing
    touches none, one, more sides of the border from inside: a title block takes up to three, and inner
    walls meet the outer walls of a building on all four. Drawn."""
    frame_page_margin: float = 0.2
    """Share of the page's width and height that the margins around a border take at most, together.
    Drawn."""
    blank_margin: float = 0.015
    """Blank margin put around the drawing, share of the long side, so that a plan at the page's edge has an
    outside."""

    # Lettering
    keep_line: float = 2.0
    """Straight strokes in a word's box longer than this many text heights are walls: letters are
    shorter."""
    letter_extent: float = 0.02
    """Marks smaller than this share of the long side in both directions are letters and symbols. Tuned."""

    # Walls
    thickest_wall: float = 0.034
    """Thickest stroke believed to be a wall, share of the long side: 0.5 m on a sheet 15 m wide. Drawn."""
    peak_share: float = 0.03
    """Least share of the thick ink in one peak of the thickness spectrum. Tuned."""
    peak_ratio: float = 1.4
    """Peaks closer than this factor are one kind of wall. Drawn."""
    wall_share: float = 0.12
    """Least strength of the strongest thick peak against thin lines for walls to count as solid. Tuned."""
    opening_shares: tuple[float, float] = (0.6, 0.35)
    """Sides of the squares that walls hold and thinner strokes do not, shares of a peak's thickness.
    Tuned."""
    shortest_wall: float = 5.0
    """Shortest piece of wall that stands alone, in sides of that square: a column is shorter. Tuned."""
    double_line_gaps: tuple[float, ...] = (0.0065,)
    """Distances between the faces of walls drawn as two lines, shares of the long side: 160 mm on a sheet
    25 m wide. Tuned."""
    strip_radii: tuple[float, ...] = (0.008,)
    """White areas whose widest inscribed square has this half side, share of the long side, are the inside
    of walls. Tuned."""
    line_length: float = 0.02
    """Shortest straight stroke that counts as a single-line wall, share of the long side. Tuned."""
    line_vote: float = 0.5
    """What lines and other ink count for beside a wall hypothesis: they enclose furniture as well."""

    # Openings
    gap_sizes: tuple[float, ...] = (0.02, 0.042, 0.07, 0.11)
    """Openings to bridge, shares of the long side: a door of 0.8 m in a building of 20 m is 0.04. Tuned."""
    glazed_gap: float = 0.25
    """Longest gap bridged because strokes span it, share of the long side: a row of windows, a garage
    door. Drawn."""
    plain_gap: float = 0.06
    """Longest gap at a wall's end that is bridged without such strokes: a front door in a thick wall.
    Drawn."""
    glazed_share: float = 0.8
    """Least share of such a gap along which there are strokes: dashed lines of garage doors. Drawn."""
    least_glazed_width: float = 0.5
    """Narrowest such gap, in wall thicknesses: narrower ones begin at a notch, not at a wall's end. Drawn."""
    glazed_width: float = 1.5
    """Widest such gap, in thicknesses of the thickest wall, which is also how far its strokes may lie from
    it. Drawn."""
    bridge_width: float = 2.2
    """Widest bridge, in wall thicknesses: wider ones would fill rooms and corridors. Tuned."""

    # Enclosed
    smallest_area: float = 0.0006
    largest_area: float = 0.6
    """Areas of rooms, shares of the drawing: a closet of 0.4 m2 in a plan of 650 m2, a studio."""
    largest_box: float = 0.75
    """Share of the drawing that a room's box takes at most: the ground around a building takes all."""
    narrowest: float = 0.012
    """Least side of a room's box, share of the long side: 0.3 m on a sheet 25 m wide."""
    least_thickness: float = 1.6
    """Least side of a room's box in wall thicknesses: the inside of a hollow wall is narrower. Tuned."""
    least_breadth: float = 0.55
    """Least mean width of a room, in least sides of its box: thinner ones are gaps between lines. Tuned."""
    surrounded_share: float = 0.5
    """A region of which more than this share is holes is the ground around a building. Drawn."""
    same_area: float = 0.12
    same_box_iou: float = 0.85
    """Two regions are one if their areas differ by less than this share and their boxes have this IoU.
    Tuned."""

    # Floors
    network: bool = True
    """Whether the floor network is asked; without it regions are judged by the hand-made score."""
    network_sides_px: tuple[int, int] = (512, 1024)
    """Least and greatest long side of the raster that the network sees: it learned at the least, and four
    times its time is the most that can be afforded."""
    room_breadth_px: float = 20.0
    """A usual room is to be so broad there: dense floors are seen larger. Tuned."""
    often_found: int = 3
    """Hypotheses from which an area counts for what is usual on the page."""
    floor_levels: tuple[float, ...] = (0.25, 0.5, 0.75, 0.9)
    """Probabilities from which a cell is floor, one hypothesis each."""
    floor_edge_cells: float = 1.0
    """What the network calls edge lies this deep inside a room, in its cells."""
    edge_levels: tuple[float, ...] = (0.3, 0.6)
    """Probabilities from which an edge closes the walls, one hypothesis each."""
    # Evidence
    ink_reach_px: int = 5
    wall_reach_px: int = 7
    """Sides of the squares around a region's boundary in which ink and walls support it, pixels of the
    working raster: outlines are traced a pixel or two off the wall."""
    vote_floor: float = 0.35
    """Least probability of floor of a cell that is asked for the box of its room: a little less likely than
    not. Chosen, not measured."""
    asked_cells: int = 80
    """Along the long side so many cells are asked which region their box fits best: enough for a closet, few
    enough for 10 ms. Like the next two part of what the trees have learned."""
    same_box: float = 0.5
    """IoU from which a cell's box is a region's: what counts as found."""
    as_good: float = 0.9
    """A box that fits this share as well as the best claims the cell too: readings of one room share its
    cells. Chosen, not measured."""
    least_ink_support: float = 0.1
    """Least share of a region's boundary on ink: the network sees floors on sheets without a line as well.
    Drawn."""
    most_regions: int = 2500
    """Regions of a page, those that agree most: a floor of 900 rooms gives 2,371. Each is compared with each
    that follows, in 2 s and 200 MB if there are so many. Measured."""
    full_agreement: tuple[int, int] = (4, 3)
    """Votes of wall hypotheses and number of gap sizes from which agreement is full. Tuned."""
    hypothesis_share: float = 0.7
    """Share of the hypotheses in agreement, the rest being the gap sizes'. Tuned."""

    # Outline
    outline_px: float = 2.5
    """Greatest distance of the simplified outline (Douglas and Peucker, 1973) from the traced one, pixels
    of the working raster: less than a wall."""

    # Labels
    letter_height_ratio: float = 1.6
    """Words of one line differ in height by at most this factor: capitals and small letters. Drawn."""
    word_space: float = 2.0
    """Widest space between words of a line, in widths of a letter. Drawn."""
    line_height_ratio: float = 2.2
    """Lines of one label differ in height by at most this factor: sizes are set smaller than names.
    Drawn."""
    line_space: float = 0.9
    """Widest space between lines of a label, in heights of the smaller line. Drawn."""
    fewest_numbers: int = 5
    """Numbers on a page from which they may be rooms' numbers. Drawn."""
    same_form: float = 0.6
    """Share of numbers that begin alike (201, 202, 215), or have two digits at most, if they are rooms'.
    Drawn."""

    # Scoring
    learned_scorer: bool = True
    """Whether trees judge regions, or the hand-made score alone."""
    hand_share: float = 0.25
    """Share of the hand-made score in the score beside the trees: it holds on styles that they have not
    seen, and costs nothing on those that they have. Tuned."""
    hand_middle: float = 5.0
    hand_slope: float = 1.6
    """Hand-made score that is worth one half, and how steeply worth rises there (logistic): 4, doubtful, is
    worth 0.17, and 6, sure, 0.83."""

    # The hand-made score. Weights are rounded from logistic regressions of "this region is a room" on
    # plans free to ship (r2v_render), which on the other sets gave the same signs and order; then tuned.
    breadth_weight: float = 2.4
    usual_breadth: float = 0.05
    """Mean width of an ordinary room, share of the long side. Median of right regions over all sets."""
    likely_agreement: float = 0.3
    likely_support: float = 0.4
    """Regions with at least this agreement and wall support tell how broad this page's rooms are."""
    agreement_weight: float = 1.2
    wall_weight: float = 1.5
    ink_weight: float = 0.5
    squareness_weight: float = 0.8
    ample_squareness: float = 0.5
    """Short side by long side from which a region is no strip."""
    compactness_weight: float = -0.5
    """Negative: furniture fills its box, rooms have corners and door swings."""
    room_label_worth: tuple[float, ...] = (0.0, 1.2, 0.2, 0.0)
    """Worth of none, one, two, more labels with a room word: the more, the likelier several rooms in
    one."""
    number_worth: float = 0.6
    """Worth of a single room number where no room word is."""
    unknown_label_worth: float = 0.35
    """Worth of a single label of unknown words where no room word is."""
    named_page: int = 3
    """Labels with a room word from which a page is one that names its rooms."""
    unnamed_penalty: float = 0.4
    """For a region without name or number on such a page."""
    sheet_penalty: float = 1.0
    """For each of up to two labels of sheet words (scale, drawn by, revision)."""
    text_block: int = 5
    """Unknown labels that make a region a block of notes."""
    text_block_penalty: float = 1.0

    # Selection
    least_score: float = 0.21
    """Score up to which a candidate is worth nothing. Tuned."""
    area_exponent: float = 0.55
    """A region stands for the areas inside it in proportion to area to this power: 1 would favour halls
    over the rooms around them, 0 cupboards over rooms. Tuned."""
    most_overlap: float = 0.2
    """Overlap that two rooms may have, share of the smaller. Tuned."""

    inlet_area: float = 0.15
    inlet_score: float = 0.4
    """A candidate at most so large beside another, share of its area, and with at least this score may lie in
    it: a closet in a bedroom. Tuned."""
    inlet_gap: float = 8.0
    """Width of the wall between the two, which belongs to neither, units of page coordinates. Tuned."""

    # Confidence
    confidence_table: tuple[tuple[float, float], ...] = (
        (0.262, 0.31),
        (0.377, 0.44),
        (0.476, 0.57),
        (0.572, 0.78),
        (0.647, 0.85),
        (0.711, 0.94),
        (0.754, 0.97),
        (0.786, 0.98),
        (0.815, 0.98),
        (0.841, 0.99),
    )
    """Scores and the share of rooms that were right (IoU at least 0.5) around them: 4274 rooms on pages that
    neither the network nor the trees learned from, by ``room_training.fit_confidence``. The curve
    ends at 0.99: nothing is certain on a page of another kind."""

    # Withheld
    most_withheld: int = 50
    """Regions listed as refused: more than a person looks through."""
    same_place_iou: float = 0.7
    """IoU above which a region is another tracing of a room or of a region listed already."""
    lies_within: float = 0.8
    """Share of a region's area in a room from which it is a part of that room. Drawn."""
    largest_part: float = 0.25
    """Largest area of furniture, share of its room's: a double bed of 3 m2 in a bedroom of 12 m2. Drawn."""
    notes_labels: int = 5
    """Unknown labels that make a region a block of notes."""
    notes_words: int = 12
    """Words in one label that no room's name has. Drawn."""
    building_rooms: int = 4
    """Rooms found from which their convex hull is taken for the building. Drawn."""
    share_in_building: float = 0.5
    """Share of a region's area in that hull below which it lies outside."""
    small_room: float = 0.05
    """Area, share of the median room's, below which a region is too small: 0.6 m2 beside rooms of 12 m2.
    Drawn."""
