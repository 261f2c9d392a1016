"""Times the detector on one raster and one core: prints the seconds of each round as JSON."""

import json
import os
import sys

from figures import interleaved

ROUNDS = 9


def main() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    import cv2

    from preview.rooms import find_regions, name_rooms

    cv2.setNumThreads(1)
    gray = cv2.imread(sys.argv[1], cv2.IMREAD_GRAYSCALE)
    (times,) = interleaved(ROUNDS, lambda: name_rooms(find_regions(gray), ()))
    sys.stdout.write(json.dumps(times))


if __name__ == "__main__":
    main()
