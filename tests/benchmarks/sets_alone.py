"""Draws, reads and detects pages from disk, and nothing else.

``[[path, page], …]`` on stdin, the address of Textract as argument.
"""

import json
import sys
from pathlib import Path

import boto3
from botocore.config import Config

from preview.page.pdf_file import open_pdf
from preview.page.raster_file import Gray, open_raster
from preview.page.textract_input import encode_for_textract
from preview.rooms import find_regions, name_rooms


def main() -> None:
    import cv2

    cv2.setNumThreads(1)
    client = boto3.client(
        "textract",
        region_name="us-east-1",
        endpoint_url=sys.argv[1],
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(read_timeout=120),
    )
    for path, page in json.load(sys.stdin):
        gray = draw(Path(path), page)
        client.analyze_document(Document={"Bytes": encode_for_textract(gray)}, FeatureTypes=["LAYOUT"])
        name_rooms(find_regions(gray), ())


def draw(path: Path, page: int) -> Gray:
    if path.suffix == ".pdf":
        with open_pdf(path, page) as opened:
            return opened.draw()
    return open_raster(path, path.suffix[1:]).gray


if __name__ == "__main__":
    main()
