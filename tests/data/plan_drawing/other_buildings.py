"""A townhouse on three floors, an office floor and a clinic."""

from .building import Building, Fitting, Opening, Space
from .dwellings import rectangle

TOWNHOUSE_GROUND = Building(
    spaces=(
        Space("LIVING ROOM", rectangle(0, 0, 5.4, 4.4)),
        Space("HALL", rectangle(0, 4.4, 2.0, 9.4), sized=False, label_at=(1.0, 8.3)),
        Space("WC", rectangle(2.0, 4.4, 3.6, 5.8), small=True, sized=False, label_at=(2.6, 5.1)),
        Space(
            "KITCHEN /\nDINING",
            ((3.6, 4.4), (5.4, 4.4), (5.4, 9.4), (2.0, 9.4), (2.0, 5.8), (3.6, 5.8)),
            label_at=(3.5, 7.4),
        ),
    ),
    openings=(
        Opening("door", (0.9, 4.4), (1.7, 4.4), -1),
        Opening("door", (2.0, 4.6), (2.0, 5.3)),
        Opening("door", (2.0, 6.2), (2.0, 7.0), -1),
        Opening("door", (0.5, 9.4), (1.4, 9.4), -1),
        Opening("window", (1.6, 0), (3.8, 0)),
        Opening("window", (2.8, 9.4), (4.6, 9.4)),
        Opening("window", (5.4, 6.2), (5.4, 7.6)),
    ),
    fittings=(
        Fitting("stairs", (0.17, 5.0), (0.9, 2.8)),
        Fitting("toilet", (2.85, 4.85), (0.42, 0.66), 1),
        Fitting("worktop", (4.65, 4.6), (2.4, 0.6), 1),
        Fitting("hob", (4.65, 5.2), (0.6, 0.6), 1),
        Fitting("sink", (3.0, 8.64), (1.5, 0.6), 2),
    ),
)

TOWNHOUSE_FIRST = Building(
    spaces=(
        Space("BEDROOM 1", rectangle(0, 0, 5.4, 3.9)),
        Space("LANDING", rectangle(0, 3.9, 2.0, 9.4), sized=False, label_at=(1.0, 8.5), small=True),
        Space("BATHROOM", rectangle(2.0, 3.9, 5.4, 6.0), small=True, label_at=(3.3, 5.3)),
        Space("BEDROOM 2", rectangle(2.0, 6.0, 5.4, 9.4)),
    ),
    openings=(
        Opening("door", (0.9, 3.9), (1.7, 3.9), -1),
        Opening("door", (2.0, 4.4), (2.0, 5.2), -1),
        Opening("door", (2.0, 7.0), (2.0, 7.8), -1),
        Opening("window", (1.6, 0), (3.8, 0)),
        Opening("window", (2.8, 9.4), (4.6, 9.4)),
        Opening("window", (5.4, 4.5), (5.4, 5.3)),
        Opening("window", (0.5, 9.4), (1.4, 9.4)),
    ),
    fittings=(
        Fitting("stairs", (0.17, 5.0), (0.9, 2.8)),
        Fitting("bath", (3.55, 3.97), (1.7, 0.72)),
        Fitting("toilet", (2.9, 3.97), (0.42, 0.66)),
        Fitting("basin", (4.75, 5.2), (0.6, 0.45), 1),
        Fitting("wardrobe", (0.17, 0.4), (2.6, 0.6), 3),
    ),
)

TOWNHOUSE_SECOND = Building(
    spaces=(
        Space("MASTER\nBEDROOM", rectangle(0, 0, 5.4, 5.0)),
        Space("LANDING", rectangle(0, 5.0, 2.0, 9.4), sized=False, label_at=(1.0, 8.7), small=True),
        Space("ENSUITE", rectangle(2.0, 5.0, 5.4, 7.2), small=True, label_at=(3.5, 6.5)),
        Space("STORE", rectangle(2.0, 7.2, 5.4, 9.4)),
    ),
    openings=(
        Opening("door", (0.9, 5.0), (1.7, 5.0), -1),
        Opening("door", (2.6, 5.0), (3.4, 5.0)),
        Opening("door", (2.0, 7.8), (2.0, 8.6), -1),
        Opening("window", (1.6, 0), (3.8, 0)),
        Opening("window", (5.4, 2.0), (5.4, 3.4)),
    ),
    fittings=(
        Fitting("stairs", (0.17, 5.4), (0.9, 2.8)),
        Fitting("shower", (4.35, 5.08), (0.9, 0.9)),
        Fitting("toilet", (3.7, 5.08), (0.42, 0.66)),
        Fitting("basin", (4.75, 6.4), (0.6, 0.45), 1),
    ),
)


def _office_row() -> tuple[Space, ...]:
    return tuple(
        Space(f"OFFICE\n{101 + n}", rectangle(3.75 * n, 0, 3.75 * (n + 1), 4.8), sized=False)
        for n in range(8)
    )


def _office_row_openings() -> tuple[Opening, ...]:
    doors = [Opening("door", (3.75 * n + 0.3, 4.8), (3.75 * n + 1.2, 4.8), -1) for n in range(8)]
    windows = [Opening("window", (3.75 * n + 0.9, 0), (3.75 * n + 2.9, 0)) for n in range(8)]
    return *doors, *windows


def _office_desks() -> tuple[Fitting, ...]:
    cells = [Fitting("desk", (3.75 * n + 1.2, 0.7), (1.6, 1.3)) for n in range(8)]
    rows = [
        Fitting("desk", (1.3 + 2.3 * column, 13.6 + 2.2 * row), (1.6, 1.3), 2 * (row % 2))
        for column in range(5)
        for row in range(2)
    ]
    return *cells, *rows


OFFICE_FLOOR = Building(
    spaces=(
        *_office_row(),
        Space(
            "CORRIDOR\n109",
            ((0, 4.8), (30, 4.8), (30, 6.8), (2.2, 6.8), (2.2, 10.8), (30, 10.8), (30, 12.8), (0, 12.8)),
            sized=False,
            label_at=(15, 5.8),
        ),
        Space("STAIR\n110", rectangle(2.2, 6.8, 5.4, 10.8), sized=False, label_at=(4.7, 9.9), small=True),
        Space("LIFT\n111", rectangle(5.4, 6.8, 8.0, 10.8), sized=False, label_at=(6.7, 10.0), small=True),
        Space("WC MEN\n112", rectangle(8.0, 6.8, 11.8, 10.8), sized=False, label_at=(9.9, 9.4), small=True),
        Space(
            "WC WOMEN\n113", rectangle(11.8, 6.8, 15.6, 10.8), sized=False, label_at=(13.7, 9.4), small=True
        ),
        Space("SERVER\n114", rectangle(15.6, 6.8, 19.0, 10.8), sized=False),
        Space("KITCHENETTE\n115", rectangle(19.0, 6.8, 24.4, 10.8), sized=False),
        Space("STORE\n116", rectangle(24.4, 6.8, 30, 10.8), sized=False),
        Space("OPEN OFFICE\n117", rectangle(0, 12.8, 15, 18), sized=False, label_at=(13.2, 15.4)),
        Space("MEETING\n118", rectangle(15, 12.8, 20.6, 18), sized=False, label_at=(17.8, 17.2)),
        Space("CONFERENCE\n119", rectangle(20.6, 12.8, 30, 18), sized=False, label_at=(25.3, 17.2)),
    ),
    openings=(
        *_office_row_openings(),
        Opening("door", (2.9, 6.8), (3.8, 6.8)),
        Opening("sliding", (6.1, 6.8), (7.3, 6.8)),
        Opening("door", (8.4, 6.8), (9.3, 6.8)),
        Opening("door", (12.2, 6.8), (13.1, 6.8)),
        Opening("door", (16.0, 6.8), (16.9, 6.8)),
        Opening("door", (20.4, 10.8), (21.4, 10.8), -1),
        Opening("door", (25.0, 10.8), (25.9, 10.8), -1),
        Opening("double", (6.0, 12.8), (7.8, 12.8)),
        Opening("door", (15.4, 12.8), (16.3, 12.8)),
        Opening("double", (24.4, 12.8), (26.2, 12.8)),
        Opening("double", (0, 5.0), (0, 6.6), -1),
        *(Opening("window", (x, 18), (x + 2.2, 18)) for x in (1.2, 4.7, 8.2, 11.7, 15.4, 18.0, 21.8, 26.4)),
        Opening("window", (30, 14.0), (30, 16.6)),
    ),
    fittings=(
        *_office_desks(),
        Fitting("stairs", (2.5, 7.9), (1.2, 2.7)),
        Fitting("lift", (5.9, 7.2), (1.6, 2.2)),
        *(Fitting("toilet", (8.3 + 0.9 * n, 10.05), (0.42, 0.66), 2) for n in range(4)),
        *(Fitting("toilet", (12.1 + 0.9 * n, 10.05), (0.42, 0.66), 2) for n in range(4)),
        *(Fitting("basin", (11.2, 7.2 + 0.8 * n), (0.6, 0.45), 1) for n in range(2)),
        *(Fitting("basin", (15.0, 7.2 + 0.8 * n), (0.6, 0.45), 1) for n in range(2)),
        Fitting("sink", (22.0, 6.88), (1.8, 0.6)),
        Fitting("worktop", (19.1, 6.88), (2.9, 0.6)),
        Fitting("table", (16.4, 14.2), (2.8, 1.8)),
        Fitting("table", (22.6, 14.0), (5.2, 2.2)),
        *(Fitting("column", (x - 0.2, y - 0.2), (0.4, 0.4)) for x in (7.5, 15.0, 22.5) for y in (4.8, 12.8)),
    ),
)

CLINIC = Building(
    spaces=(
        Space("WAITING", rectangle(0, 0, 6.4, 5.2), label_at=(3.2, 2.8)),
        Space("RECEPTION", rectangle(6.4, 0, 10.4, 3.4), label_at=(8.9, 2.25)),
        Space("OFFICE", rectangle(10.4, 0, 14.0, 3.4), label_at=(12.6, 2.3)),
        Space("STAFF ROOM", rectangle(14.0, 0, 18.2, 5.2), label_at=(16.1, 1.6)),
        Space(
            "CORRIDOR",
            ((6.4, 3.4), (14.0, 3.4), (14.0, 5.2), (18.2, 5.2), (18.2, 6.8), (0, 6.8), (0, 5.2), (6.4, 5.2)),
            sized=False,
            label_at=(9.0, 6.1),
        ),
        Space("EXAM 1", rectangle(0, 6.8, 3.8, 11.2), label_at=(1.9, 10.3)),
        Space("EXAM 2", rectangle(3.8, 6.8, 7.6, 11.2), label_at=(5.7, 10.3)),
        Space("EXAM 3", rectangle(7.6, 6.8, 11.4, 11.2), label_at=(9.5, 10.3)),
        Space("WC", rectangle(11.4, 6.8, 13.6, 9.0), small=True, label_at=(12.3, 8.6)),
        Space("STORE", rectangle(11.4, 9.0, 13.6, 11.2), small=True, label_at=(12.4, 10.6)),
        Space("LABORATORY", rectangle(13.6, 6.8, 18.2, 11.2)),
    ),
    openings=(
        Opening("double", (0, 1.6), (0, 3.4), -1),
        Opening("gap", (3.0, 5.2), (4.2, 5.2)),
        Opening("door", (7.0, 3.4), (7.9, 3.4), -1),
        Opening("door", (10.8, 3.4), (11.7, 3.4), -1),
        Opening("door", (15.0, 5.2), (15.9, 5.2), -1),
        Opening("door", (2.4, 6.8), (3.4, 6.8)),
        Opening("door", (6.2, 6.8), (7.2, 6.8)),
        Opening("door", (10.0, 6.8), (11.0, 6.8)),
        Opening("door", (11.7, 6.8), (12.6, 6.8)),
        Opening("door", (13.6, 9.6), (13.6, 10.5)),
        Opening("door", (14.2, 6.8), (15.2, 6.8)),
        Opening("door", (18.2, 5.5), (18.2, 6.5)),
        *(Opening("window", (x, 11.2), (x + 1.8, 11.2)) for x in (1.0, 4.8, 8.6, 15.0)),
        *(Opening("window", (x, 0), (x + 1.8, 0)) for x in (1.6, 7.5, 11.4, 15.2)),
    ),
    fittings=(
        *(Fitting("sofa", (0.6 + 2.1 * n, 0.2), (1.9, 0.7)) for n in range(2)),
        Fitting("desk", (7.4, 0.5), (2.2, 1.2)),
        Fitting("desk", (11.4, 0.4), (1.6, 1.2)),
        Fitting("table", (14.9, 2.6), (2.4, 1.5)),
        *(Fitting("bed", (x, 8.6), (0.8, 1.9), 3) for x in (0.2, 3.9, 7.7)),
        *(Fitting("basin", (x, 6.9), (0.6, 0.45)) for x in (0.5, 4.3, 8.1)),
        Fitting("toilet", (12.85, 7.0), (0.42, 0.68), 1),
        Fitting("basin", (13.08, 8.1), (0.6, 0.45), 1),
        Fitting("sink", (16.2, 10.45), (1.8, 0.6), 2),
        Fitting("worktop", (17.5, 7.2), (3.2, 0.6), 1),
    ),
)
