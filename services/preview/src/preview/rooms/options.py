"""An index of the detector's thresholds: each stage has a group, and its values stand in the stage's module.

Lengths are shares of a named length, so that a plan detects alike at every resolution; "long side" and
"drawing" mean the drawn part of the page, without sheet borders and blank margins. "Tuned" means chosen
by F1 at IoU 0.5 over the development plans of eight styles, with and without words
(docs/room-detection.md has the figures); "drawn" means read off drawings at common scales. Whoever changes a
value raises `DETECTOR_VERSION`, or stored previews go on showing the rooms of before.
"""

from dataclasses import dataclass, field

from preview.rooms.evidence.region_evidence import EvidenceOptions
from preview.rooms.network.floor_areas import FloorAreaOptions
from preview.rooms.network.floor_network import NetworkOptions
from preview.rooms.output.calibration import CalibrationOptions
from preview.rooms.output.rejected_candidates import RejectionOptions
from preview.rooms.page.building_crop import BuildingCropOptions
from preview.rooms.page.ink import InkOptions
from preview.rooms.page.resolution import ResolutionOptions
from preview.rooms.page.sheet_border import SheetBorderOptions
from preview.rooms.page.skew import SkewOptions
from preview.rooms.page.text_removal import TextRemovalOptions
from preview.rooms.scoring.region_scorer import ScoringOptions
from preview.rooms.selection.nested_rooms import NestedRoomOptions
from preview.rooms.selection.non_maximum_suppression import SelectionOptions
from preview.rooms.text.labels import LabelOptions
from preview.rooms.walls.enclosed_areas import EnclosedAreaOptions
from preview.rooms.walls.openings import OpeningOptions
from preview.rooms.walls.wall_hypotheses import WallOptions


@dataclass(frozen=True, slots=True)
class DetectorOptions:
    """Groups of thresholds in the order of the stages that read them.

    Raises
    ------
    ValueError
        If the trees are to score regions without the network's evidence, which they have learned from.
    """

    resolution: ResolutionOptions = field(default_factory=ResolutionOptions)
    ink: InkOptions = field(default_factory=InkOptions)
    skew: SkewOptions = field(default_factory=SkewOptions)
    sheet_border: SheetBorderOptions = field(default_factory=SheetBorderOptions)
    text_removal: TextRemovalOptions = field(default_factory=TextRemovalOptions)
    walls: WallOptions = field(default_factory=WallOptions)
    openings: OpeningOptions = field(default_factory=OpeningOptions)
    enclosed_areas: EnclosedAreaOptions = field(default_factory=EnclosedAreaOptions)
    building_crop: BuildingCropOptions = field(default_factory=BuildingCropOptions)
    network: NetworkOptions = field(default_factory=NetworkOptions)
    floor_areas: FloorAreaOptions = field(default_factory=FloorAreaOptions)
    evidence: EvidenceOptions = field(default_factory=EvidenceOptions)
    labels: LabelOptions = field(default_factory=LabelOptions)
    scoring: ScoringOptions = field(default_factory=ScoringOptions)
    selection: SelectionOptions = field(default_factory=SelectionOptions)
    nested_rooms: NestedRoomOptions = field(default_factory=NestedRoomOptions)
    rejection: RejectionOptions = field(default_factory=RejectionOptions)
    calibration: CalibrationOptions = field(default_factory=CalibrationOptions)

    def __post_init__(self) -> None:
        if self.scoring.learned and not self.network.enabled:
            raise ValueError("the learned scorer needs the network: see WITHOUT_NETWORK")


DEFAULTS = DetectorOptions()
WITHOUT_NETWORK = DetectorOptions(
    network=NetworkOptions(enabled=False), scoring=ScoringOptions(learned=False)
)
"""Rules alone: areas that walls enclose, judged by the heuristic score."""
