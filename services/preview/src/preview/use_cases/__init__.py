"""What can be asked of this service, one module a use case, and the steps that `get_preview` is made of.

get_preview          the rooms of a page: stored ones, or computed once for all callers
start_preview        the same in the background, for the jobs service
preview_page         the same for a page from the queue
read_preview         what is stored of a page
read_text            the text of a page, as Textract read it
draw_picture         the page with its rooms, as PNG
erase_results        everything that is stored of a job

serve_stored         a job gets results that exist already
compute_once         single-flight: one worker computes, the others wait
compute_preview      analyse the page under a lease, store what was found
analyse_page         from the stored file to named rooms
write_result         text and preview to the bucket, the job's state, the preview to the cache
job_progress         the job's state moves along
"""

from dataclasses import dataclass

from preview.use_cases.draw_picture import DrawPicture
from preview.use_cases.erase_results import EraseResults
from preview.use_cases.get_preview import GetPreview
from preview.use_cases.preview_page import PreviewPage
from preview.use_cases.read_preview import ReadPreview
from preview.use_cases.read_text import ReadText
from preview.use_cases.start_preview import StartPreview


@dataclass(frozen=True, slots=True)
class UseCases:
    get_preview: GetPreview
    start_preview: StartPreview
    preview_page: PreviewPage
    read_preview: ReadPreview
    read_text: ReadText
    draw_picture: DrawPicture
    erase_results: EraseResults
